import json

from hardened_eks.controls.keys import key_policy_not_public
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.keys.base import KEY, NO_GRANTS, allow, key

BY_ACCOUNT = {"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}}

CASE = Case(
    key_policy_not_public,
    key(),
    bad={
        **at(
            "KeyPolicy.Statement.1",
            {
                "everybody": key(allow("*")),
                "everybody in AWS": key(allow({"AWS": ["*"]})),
                "any role of the same name": key(allow("*", StringLike={"aws:PrincipalArn": "*"})),
                "an address is no caller": key(allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"})),
                "everybody but one": key(
                    {
                        "Effect": "Allow",
                        "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                ),
                "principal hidden": key(allow({"AWS": {"Ref": "Who"}})),
            },
        ),
        "policy hidden": Bad(hide(KEY, "KeyPolicy"), "KeyPolicy"),
        "as text": Bad(change(KEY, "KeyPolicy", json.dumps({"Statement": [allow("*")]})), "KeyPolicy.Statement.0"),
    },
    edge={
        "default policy": drop(KEY, "KeyPolicy"),
        "callers of this account": key(allow({"AWS": "*"}, **BY_ACCOUNT)),
        "launcher by pattern in this account": key(
            allow({"AWS": "*"}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::1:role/aws-service-role/x*"}, **BY_ACCOUNT)
        ),
        "organization": key(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
        "a service": key(allow({"Service": "logs.amazonaws.com"})),
        "a deny": key(NO_GRANTS),
    },
)
