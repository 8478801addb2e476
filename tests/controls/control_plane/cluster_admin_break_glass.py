from hardened_eks.controls.control_plane import cluster_admin_break_glass
from tests.controls.access.base import ROLE, TRUST, either
from tests.controls.access.break_glass import (
    ADMIN, BREAK_GLASS, ENTRY, KEY, NAMES, PERSON, POLICY, RULE, TOPIC_POLICY, USERS, trusted, viewer, without,
)  # fmt: skip
from tests.controls.cases import Bad, Case, at, both, change, drop, hide

PRINCIPAL = "PrincipalArn"
POLICY_ARN = "AccessPolicies.0.PolicyArn"

CASE = Case(
    cluster_admin_break_glass,
    BREAK_GLASS,
    bad={
        **at(
            PRINCIPAL,
            {
                "a literal role": change(ENTRY, PRINCIPAL, "arn:aws:iam::999988887777:role/admin"),
                "a user": change(ENTRY, PRINCIPAL, "arn:aws:iam::111122223333:user/ana"),
                "a permission set": change(
                    ENTRY,
                    PRINCIPAL,
                    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef",
                ),
                "a parameter": hide(ENTRY, PRINCIPAL),
                "an import": change(ENTRY, PRINCIPAL, {"Fn::ImportValue": "admin"}),
                "a role that anybody takes": trusted({**USERS, "Principal": "*"}),
                "a role of machines": trusted({**USERS, "Principal": {"Service": "ec2.amazonaws.com"}}),
                "a role without MFA": without("Bool", "aws:MultiFactorAuthPresent"),
                "a role under any name": without("StringEquals", "sts:SourceIdentity"),
                "no alarm": drop(RULE, ""),
                "an alarm that is off": change(RULE, "State", "DISABLED"),
                "an alarm that cannot be sent": drop(TOPIC_POLICY, ""),
                "an alarm that cannot be encrypted": change(KEY, "KeyPolicy.Statement", []),
                "the trust hidden": hide(ROLE, TRUST),
            },
        ),
        "which policy is hidden": Bad(hide(ENTRY, POLICY_ARN), POLICY_ARN),
        "administrator beside others": Bad(
            both(
                change(ENTRY, "AccessPolicies", [{"PolicyArn": f"{POLICY}AmazonEKSViewPolicy"}, {"PolicyArn": ADMIN}]),
                change(ENTRY, PRINCIPAL, "arn:aws:iam::1:role/x"),
            ),
            PRINCIPAL,
        ),
        "on a condition": Bad(
            both(
                change(ENTRY, POLICY_ARN, either(ADMIN, f"{POLICY}AmazonEKSViewPolicy")),
                change(ENTRY, PRINCIPAL, "arn:aws:iam::1:role/x"),
            ),
            PRINCIPAL,
        ),
        "in a namespace as well": Bad(
            both(
                change(ENTRY, "AccessPolicies.0.AccessScope", {"Type": "namespace", "Namespaces": ["a"]}),
                change(ENTRY, PRINCIPAL, "arn:aws:iam::1:role/x"),
            ),
            PRINCIPAL,
        ),
    },
    edge={
        "people of Identity Center": trusted(PERSON),
        "both": trusted(USERS, NAMES, PERSON),
        "an alert that leaves the assembly": change(RULE, "Targets.0.Arn", "arn:aws:sns:eu-west-1:111122223333:x"),
        "a viewer": both(viewer, change(ENTRY, PRINCIPAL, "arn:aws:iam::1:role/x")),
        "no policy": both(drop(ENTRY, "AccessPolicies"), change(ENTRY, PRINCIPAL, "arn:aws:iam::1:role/x")),
        "malformed": change(ENTRY, "AccessPolicies", [5, None, {}, {"PolicyArn": 5}]),
    },
)
