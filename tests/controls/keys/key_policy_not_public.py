import json

from hardened_eks.controls.keys import key_policy_not_public
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.keys.base import KEY, NO_GRANTS, allow, key

BY_ACCOUNT = {"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}}

CASE = Case(
    key_policy_not_public,
    key(),
    bad={
        "everybody": Bad(key(allow("*")), "KeyPolicy.Statement.1"),
        "everybody in AWS": Bad(key(allow({"AWS": ["*"]})), "KeyPolicy.Statement.1"),
        "any role of the same name": Bad(
            key(allow("*", StringLike={"aws:PrincipalArn": "*"})), "KeyPolicy.Statement.1"
        ),
        "an address is no caller": Bad(
            key(allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"})), "KeyPolicy.Statement.1"
        ),
        "everybody but one": Bad(
            key(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
            "KeyPolicy.Statement.1",
        ),
        "principal hidden": Bad(key(allow({"AWS": {"Ref": "Who"}})), "KeyPolicy.Statement.1"),
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
