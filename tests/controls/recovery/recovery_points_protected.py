from hardened_eks.controls.recovery import recovery_points_protected
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.recovery.base import GAPPED, VAULT, VAULTS

KEPT = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
    "Resource": "*",
}

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
        "a deny for one": Bad(
            both(
                drop(VAULT, "LockConfiguration"),
                change(VAULT, "AccessPolicy", {"Statement": [{**KEPT, "Principal": {"AWS": "123456789012"}}]}),
            ),
            "LockConfiguration.MinRetentionDays",
        ),
        "policy hidden": Bad(
            both(drop(VAULT, "LockConfiguration"), hide(VAULT, "AccessPolicy")), "LockConfiguration.MinRetentionDays"
        ),
    },
    edge={
        "a deny instead": both(drop(VAULT, "LockConfiguration"), change(VAULT, "AccessPolicy", {"Statement": [KEPT]})),
        "text": change(VAULT, "LockConfiguration.MinRetentionDays", "90"),
    },
)
