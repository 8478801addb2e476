from hardened_eks.controls.storage import bucket_policy_narrow
from tests.controls.cases import Bad, Case, hide
from tests.controls.storage.base import BP, BUCKETS, TLS, policy


def allow(principal, action="s3:GetObject", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


CASE = Case(
    bucket_policy_narrow,
    BUCKETS,
    bad={
        "everybody": Bad(policy(allow("*")), "PolicyDocument.Statement.0"),
        "everybody in AWS": Bad(policy(allow({"AWS": "*"})), "PolicyDocument.Statement.0"),
        "principal hidden": Bad(policy(allow({"AWS": {"Ref": "Who"}})), "PolicyDocument.Statement.0"),
        "every action": Bad(policy(allow({"Service": "x.amazonaws.com"}, "s3:*")), "PolicyDocument.Statement.0"),
        "an open condition": Bad(
            policy(allow("*", StringLike={"aws:PrincipalOrgID": "*"})), "PolicyDocument.Statement.0"
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
