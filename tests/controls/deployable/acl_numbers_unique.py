from hardened_eks.controls.deployable import acl_numbers_unique
from tests.controls.cases import Bad, Case, at, change, hide, template

ENTRY = "AWS::EC2::NetworkAclEntry"


def entries(*rows, acl=None):
    made = {}
    for n, (number, egress) in enumerate(rows):
        owner = {"Ref": f"Acl{n}"} if acl == "each" else {"Ref": "Acl0"}
        made[f"E{n}"] = (ENTRY, {"NetworkAclId": owner, "RuleNumber": number, "Egress": egress})
    acls = {f"Acl{n}": ("AWS::EC2::NetworkAcl", {"VpcId": "vpc-1"}) for n in range(2)}
    return template({**acls, **made})


CASE = Case(
    acl_numbers_unique,
    entries((100, False), (110, False)),
    bad={
        **at(
            "RuleNumber",
            {
                "twice": entries((100, False), (100, False)),
                "as text": entries((100, False), ("100", "false")),
                "in a foreign ACL": change(ENTRY, "NetworkAclId", "acl-1")(entries((1, True), (1, True))),
                "too high": change(ENTRY, "RuleNumber", 32767)(entries((1, False))),
                "none": entries((0, False)),
            },
        ),
        "direction left out": Bad(
            template({f"E{n}": (ENTRY, {"NetworkAclId": "acl-1", "RuleNumber": 7}) for n in range(2)}), "RuleNumber"
        ),
    },
    edge={
        "other direction": entries((100, False), (100, True)),
        "other ACL": entries((100, False), (100, False), acl="each"),
        "hidden": hide(ENTRY, "RuleNumber"),
        "hidden direction": hide(ENTRY, "Egress")(entries((100, False), (100, False))),
    },
)
