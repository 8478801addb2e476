import base64

from hardened_eks.controls.nodes import user_data_fits
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


CASE = Case(
    user_data_fits,
    FITTING,
    bad=at(
        PATH,
        {
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
