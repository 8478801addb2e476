from hardened_eks.controls.recovery import recovery_points_protected
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.recovery.base import GAPPED, VAULT, VAULTS

KEPT = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
    "Resource": "*",
}


def by_policy(statement):
    return both(drop(VAULT, "LockConfiguration"), change(VAULT, "AccessPolicy", {"Statement": [statement]}))


CASE = Case(
    recovery_points_protected,
    VAULTS,
    bad={
        **at(
            "LockConfiguration.MinRetentionDays",
            {
                "no lock": drop(VAULT, "LockConfiguration"),
                "a short lock": change(VAULT, "LockConfiguration.MinRetentionDays", 7),
                "hidden": hide(VAULT, "LockConfiguration.MinRetentionDays"),
            },
        ),
        "a short gap": Bad(change(GAPPED, "MinRetentionDays", 7), "MinRetentionDays"),
        **at(
            "LockConfiguration.MinRetentionDays",
            {
                "a deny for one": by_policy({**KEPT, "Principal": {"AWS": "123456789012"}}),
                "a deny for an account": by_policy(
                    {**KEPT, "Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}}
                ),
                "a deny without TLS": by_policy({**KEPT, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}),
                "a deny that spares everybody": by_policy(
                    {**KEPT, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}}
                ),
                **{
                    f"a deny for all but {name}": by_policy({**KEPT, "Condition": {"StringNotLike": {key: value}}})
                    for name, key, value in (
                        ("the roles of an account", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*"),
                        ("an account", "aws:PrincipalAccount", "123456789012"),
                        ("an organization", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
                        ("a network", "aws:SourceVpc", "vpc-0a1b2c3d4e5f6a7b8"),
                    )
                },
            },
        ),
        "policy hidden": Bad(
            both(drop(VAULT, "LockConfiguration"), hide(VAULT, "AccessPolicy")), "LockConfiguration.MinRetentionDays"
        ),
    },
    edge={
        "a deny instead": by_policy(KEPT),
        "a deny for all but a role": by_policy(
            {**KEPT, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/archive"}}}
        ),
        "a deny for all but a role's sessions": by_policy(
            {**KEPT, "Condition": {"StringNotLike": {"aws:userId": "AROAEXAMPLEID:*"}}}
        ),
        "text": change(VAULT, "LockConfiguration.MinRetentionDays", "90"),
    },
)
