import base64

from hardened_eks.controls.nodes import user_data_fits
from tests.controls import self_managed
from tests.controls.cases import Case, at, both, change, drop, hide, template

NODEGROUP = "AWS::EKS::Nodegroup"
LT = "AWS::EC2::LaunchTemplate"
PATH = "LaunchTemplateData.UserData"
TOML = "[settings.kubernetes]\nseccomp-default = true\n"
SCRIPT = "#!/bin/bash\necho hello\n"
MIME = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n\n--//\n{}\n--//--\n'
NODE_CONFIG = MIME.format("Content-Type: application/node.eks.aws\n\napiVersion: node.eks.aws/v1alpha1\n")


def encoded(text):
    return base64.b64encode(text.encode()).decode()


FITTING = template(
    {
        "Template": (LT, {"LaunchTemplateData": {"UserData": encoded(TOML)}}),
        "Nodes": (
            NODEGROUP,
            {
                "AmiType": "BOTTLEROCKET_ARM_64",
                "LaunchTemplate": {
                    "Id": {"Ref": "Template"},
                    "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
                },
            },
        ),
    }
)


def of(image, value):
    return both(
        change(NODEGROUP, "AmiType", image), change(LT, PATH, value if isinstance(value, dict) else encoded(value))
    )


SPEC = "apiVersion: node.eks.aws/v1alpha1\nspec:\n  cluster:\n    name: one\n    apiServerEndpoint: https://x\n"
JOINS = MIME.format(
    f"Content-Type: application/node.eks.aws\n\n{SPEC}    certificateAuthority: Zm9v\n    cidr: 172.20.0.0/16"
)


def own(value, image=None):
    """Self-managed nodes with user data, and an image."""
    image = image or self_managed.BOTTLEROCKET.format("1.36", "arm64")
    mutation = both(change(LT, PATH, value), change(LT, self_managed.IMAGE, image))
    return lambda _: mutation(self_managed.NODES)


AL2023 = self_managed.AL2023.format("1.36", "arm64")

CASE = Case(
    user_data_fits,
    FITTING,
    bad=at(
        PATH,
        {
            "self-managed without a cluster": own(encoded(TOML)),
            "self-managed without user data": lambda _: drop(LT, PATH)(self_managed.NODES),
            "self-managed with a script": own(encoded(SCRIPT)),
            "self-managed with TOML for AL2023": own(encoded(self_managed.SETTINGS), AL2023),
            "self-managed without services": own(encoded(JOINS.replace("cidr:", "range:")), AL2023),
            "not base64": change(LT, PATH, TOML),
            "a script for Bottlerocket": of("BOTTLEROCKET_x86_64", SCRIPT),
            "MIME for Bottlerocket": of("BOTTLEROCKET_x86_64", NODE_CONFIG),
            "MIME by CloudFormation": of("BOTTLEROCKET_x86_64", {"Fn::Base64": NODE_CONFIG}),
            "broken TOML": of("BOTTLEROCKET_ARM_64", "[settings.kubernetes\nx = 1\n"),
            "a table that stands twice": of("BOTTLEROCKET_ARM_64", TOML + "[settings.kubernetes]\nmax-pods = 60\n"),
            "TOML beside settings": of("BOTTLEROCKET_ARM_64", TOML + "[other]\nx = 1\n"),
            "TOML without settings": of("BOTTLEROCKET_ARM_64", "[kubernetes]\nx = 1\n"),
            "a script with a parameter": of("BOTTLEROCKET_ARM_64", {"Fn::Base64": {"Fn::Sub": SCRIPT + "${Name}"}}),
            "a bare script for AL2023": of("AL2023_x86_64_STANDARD", SCRIPT),
            "TOML for AL2023": of("AL2023_ARM_64_STANDARD", TOML),
            "AL2's bootstrap script for AL2023": of(
                "AL2023_x86_64_STANDARD", MIME.format("Content-Type: text/x-shellscript\n\n/etc/eks/bootstrap.sh prod")
            ),
            "by default": both(drop(NODEGROUP, "AmiType"), change(LT, PATH, encoded(SCRIPT))),
            "a NodeConfig for AL2": of("AL2_x86_64", NODE_CONFIG),
            "a script for Windows": of("WINDOWS_CORE_2022_x86_64", SCRIPT),
        },
    ),
    edge={
        "self-managed": self_managed.NODES,
        "self-managed of AL2023": own(encoded(JOINS), AL2023),
        "self-managed of AL2023 at deployment": own(
            {"Fn::Base64": {"Fn::Sub": JOINS.replace("Zm9v", "${Ca}")}}, AL2023
        ),
        "self-managed by an id": own(encoded(TOML), "ami-1"),
        "a NodeConfig for AL2023": of("AL2023_x86_64_STANDARD", NODE_CONFIG),
        "MIME for AL2": of("AL2_x86_64", MIME.format("Content-Type: text/x-shellscript\n\n/etc/eks/bootstrap.sh prod")),
        "PowerShell": of("WINDOWS_CORE_2022_x86_64", "<powershell>\nhello\n</powershell>"),
        "a custom image": of("CUSTOM", SCRIPT),
        "an image of the template": both(
            of("AL2023_x86_64_STANDARD", SCRIPT), change(LT, "LaunchTemplateData.ImageId", "ami-1")
        ),
        "settings with a parameter": of(
            "BOTTLEROCKET_ARM_64", {"Fn::Base64": {"Fn::Sub": "[settings.kubernetes]\nmax-pods = ${Pods}\n"}}
        ),
        "of no node group": both(drop(NODEGROUP, ""), change(LT, PATH, encoded(SCRIPT))),
        "hidden": hide(LT, PATH),
        "none": drop(LT, PATH),
    },
)
