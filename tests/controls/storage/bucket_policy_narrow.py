from hardened_eks.controls.storage import bucket_policy_narrow
from tests.controls.cases import Bad, Case, at, hide
from tests.controls.messaging.base import ROOT, STRANGER, known, strangers
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
        **{
            name: Bad(policy(*v), f"PolicyDocument.Statement.{len(v) - 1}")
            for name, v in strangers("s3:GetObject").items()
            if name != "all but some actions"
        },
        "all but some actions": Bad(
            policy({"Effect": "Allow", "Principal": {"AWS": ROOT}, "NotAction": "s3:Delete*", "Resource": "*"}),
            "PolicyDocument.Statement.0",
        ),
        "a stranger who may change the policy": Bad(
            policy(allow({"AWS": [ROOT, STRANGER]}, "s3:PutBucketPolicy")), "PolicyDocument.Statement.0"
        ),
        "hidden": Bad(hide(BP, "PolicyDocument"), "PolicyDocument"),
    },
    edge={
        **{name: policy(*v) for name, v in known("s3:GetObject").items()},
        "logs of load balancers": policy(allow({"AWS": [ROOT, "arn:aws:iam::127311923021:root"]}, "s3:PutObject")),
        "an origin access control": policy(
            allow(
                {"Service": "cloudfront.amazonaws.com"},
                StringEquals={"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"},
            )
        ),
        "organization": policy(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
        "from one endpoint": policy(allow("*", StringEquals={"aws:SourceVpce": "vpce-1"})),
        "role of the stack": policy(allow({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, ["s3:GetObject*", "s3:List*"])),
        "a deny": policy(TLS),
    },
)
