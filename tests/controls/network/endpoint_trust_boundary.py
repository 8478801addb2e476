import json

from hardened_eks.controls.network import endpoint_trust_boundary
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.network.base import EP, HOME, add, allow

CASE = Case(
    endpoint_trust_boundary,
    HOME,
    bad={
        "no policy": Bad(drop(EP, "PolicyDocument"), "PolicyDocument"),
        **at(
            "PolicyDocument.Statement.0",
            {
                "everybody, everything": change(EP, "PolicyDocument", allow("*")),
                "everybody, in the other spelling": change(EP, "PolicyDocument", allow("*", principal={"AWS": "*"})),
                "an open condition": change(EP, "PolicyDocument", allow("*", StringLike={"aws:PrincipalOrgID": "*"})),
                "a negative condition": change(
                    EP, "PolicyDocument", allow("*", StringNotEquals={"aws:PrincipalAccount": "123456789012"})
                ),
                "as text": change(EP, "PolicyDocument", json.dumps(allow("*"))),
            },
        ),
        "hidden": Bad(hide(EP, "PolicyDocument"), "PolicyDocument"),
        "service without acceptance": Bad(
            add(Service=("AWS::EC2::VPCEndpointService", {"AcceptanceRequired": False})), "AcceptanceRequired"
        ),
        "service for everybody": Bad(
            add(To=("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": ["*"]})), "AllowedPrincipals.0"
        ),
        "service for a parameter": Bad(
            add(To=("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": [{"Ref": "Who"}]})),
            "AllowedPrincipals.0",
        ),
    },
    edge={
        "organization": change(EP, "PolicyDocument", allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
        "named resources": change(
            EP, "PolicyDocument", allow(resource="arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")
        ),
        "our resources": change(
            EP, "PolicyDocument", allow("s3:*", StringEquals={"aws:ResourceAccount": "123456789012"})
        ),
        "a deny": change(
            EP,
            "PolicyDocument",
            {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]},
        ),
        "a vendor's service": both(
            change(EP, "ServiceName", "com.amazonaws.vpce.eu-west-1.vpce-svc-1"), drop(EP, "PolicyDocument")
        ),
        "a service of one account": add(
            Service=("AWS::EC2::VPCEndpointService", {}),
            To=(
                "AWS::EC2::VPCEndpointServicePermissions",
                {"AllowedPrincipals": [{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}]},
            ),
        ),
    },
)
