from hardened_eks.controls.network import block_public_access
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

BPA = "AWS::EC2::VPCBlockPublicAccessOptions"
EXCLUSION = "AWS::EC2::VPCBlockPublicAccessExclusion"

CASE = Case(
    block_public_access,
    template(
        {
            "Options": (BPA, {"InternetGatewayBlockMode": "block-bidirectional"}),
            "Exclusion": (EXCLUSION, {"InternetGatewayExclusionMode": "allow-egress"}),
        }
    ),
    bad={
        **at(
            "InternetGatewayBlockMode",
            {
                "off": change(BPA, "InternetGatewayBlockMode", "off"),
                "left out": drop(BPA, "InternetGatewayBlockMode"),
                "hidden": hide(BPA, "InternetGatewayBlockMode"),
            },
        ),
        "excluded": Bad(
            change(EXCLUSION, "InternetGatewayExclusionMode", "allow-bidirectional"), "InternetGatewayExclusionMode"
        ),
    },
    edge={"ingress": change(BPA, "InternetGatewayBlockMode", "block-ingress")},
)
