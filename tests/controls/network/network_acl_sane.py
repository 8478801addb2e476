from hardened_eks.controls.network import network_acl_sane
from tests.controls.cases import Case, ITSELF, add, at, both, template, without
from tests.controls.network.base import ENTRY, edit

ACL = "AWS::EC2::NetworkAcl"

ACLS = template(
    {
        "Acl": (ACL, {"VpcId": "vpc-1"}),
        "Used": ("AWS::EC2::SubnetNetworkAclAssociation", {"NetworkAclId": {"Ref": "Acl"}, "SubnetId": "subnet-1"}),
        "Deny": (
            ENTRY,
            {
                "NetworkAclId": {"Ref": "Acl"},
                "RuleNumber": 50,
                "RuleAction": "deny",
                "Protocol": 6,
                "CidrBlock": "10.0.0.0/16",
                "PortRange": {"From": 22, "To": 22},
            },
        ),
        "Allow": (
            ENTRY,
            {
                "NetworkAclId": {"Ref": "Acl"},
                "RuleNumber": 100,
                "RuleAction": "allow",
                "Protocol": -1,
                "CidrBlock": "10.0.0.0/16",
            },
        ),
    }
)

CASE = Case(
    network_acl_sane,
    ACLS,
    bad=at(
        ITSELF,
        {
            "unused": without("Used"),
            "deny after the allow": edit("Deny", RuleNumber=200),
            "deny after an allow for all": both(edit("Deny", RuleNumber="200"), edit("Allow", CidrBlock="0.0.0.0/0")),
            "twice": lambda body: add(Again=(ENTRY, {**body["Resources"]["Allow"]["Properties"], "RuleNumber": 110}))(
                body
            ),
        },
    ),
    edge={
        "deny of another direction": edit("Deny", RuleNumber=200, Egress=True),
        "number hidden": edit("Deny", RuleNumber={"Ref": "Number"}),
    },
)
