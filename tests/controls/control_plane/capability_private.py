from hardened_eks.controls.control_plane import capability_private
from tests.controls.cases import Case, at, change, drop, hide, template

CAPABILITY = "AWS::EKS::Capability"
PATH = "Configuration.ArgoCd.NetworkAccess.VpceIds"

CASE = Case(
    capability_private,
    template(
        {
            "Deployer": (
                CAPABILITY,
                {
                    "ClusterName": "one",
                    "Type": "ARGOCD",
                    "Configuration": {"ArgoCd": {"NetworkAccess": {"VpceIds": ["vpce-0123456789abcdef0"]}}},
                },
            )
        }
    ),
    bad=at(
        PATH,
        {
            "public": drop(CAPABILITY, PATH),
            "no endpoints": change(CAPABILITY, PATH, []),
            "nothing said": drop(CAPABILITY, "Configuration"),
            "endpoints hidden": hide(CAPABILITY, PATH),
            "no access said": drop(CAPABILITY, "Configuration.ArgoCd.NetworkAccess"),
        },
    ),
    edge={
        "another capability": lambda body: change(CAPABILITY, "Type", "ACK")(drop(CAPABILITY, "Configuration")(body)),
        "an endpoint of another stack": change(CAPABILITY, PATH, [{"Fn::ImportValue": "endpoint"}]),
        "an endpoint of a parameter": hide(CAPABILITY, f"{PATH}.0"),
    },
)
