from hardened_eks.controls.storage import bucket_policy_narrow
from tests.controls.cases import Bad, Case, at, hide
from tests.controls.storage.base import BP, BUCKETS, TLS, policy


def allow(principal, action="s3:GetObject", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


CASE = Case(
    bucket_policy_narrow,
    BUCKETS,
    bad={
        **at(
            "PolicyDocument.Statement.0",
            {
                "everybody": policy(allow("*")),
                "everybody in AWS": policy(allow({"AWS": "*"})),
                "principal hidden": policy(allow({"AWS": {"Ref": "Who"}})),
                "every action": policy(allow({"Service": "x.amazonaws.com"}, "s3:*")),
                "an open condition": policy(allow("*", StringLike={"aws:PrincipalOrgID": "*"})),
            },
        ),
        "hidden": Bad(hide(BP, "PolicyDocument"), "PolicyDocument"),
    },
    edge={
        "organization": policy(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
        "from one endpoint": policy(allow("*", StringEquals={"aws:SourceVpce": "vpce-1"})),
        "role of the stack": policy(allow({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, ["s3:GetObject*", "s3:List*"])),
        "a deny": policy(TLS),
    },
)
