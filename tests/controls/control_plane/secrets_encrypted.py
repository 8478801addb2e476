from hardened_eks.controls.control_plane import secrets_encrypted
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD, KEY_ARN

OLD = change(CLUSTER, "Version", "1.27")
"""The last version that encrypts nothing by itself."""

CASE = Case(
    secrets_encrypted,
    GOOD,
    bad=at(
        "EncryptionConfig",
        {
            "none": both(OLD, drop(CLUSTER, "EncryptionConfig")),
            "empty": both(OLD, change(CLUSTER, "EncryptionConfig", [])),
            "without key": both(OLD, drop(CLUSTER, "EncryptionConfig.0.Provider")),
            "of nothing": both(OLD, change(CLUSTER, "EncryptionConfig.0.Resources", [])),
            "of what is hidden": both(OLD, hide(CLUSTER, "EncryptionConfig.0.Resources")),
            "hidden": both(OLD, hide(CLUSTER, "EncryptionConfig")),
        },
    ),
    edge={
        "none, from 1.28 on": both(change(CLUSTER, "Version", "1.28"), drop(CLUSTER, "EncryptionConfig")),
        "none, of EKS's version": both(drop(CLUSTER, "Version"), drop(CLUSTER, "EncryptionConfig")),
        "none, of a version not known": both(hide(CLUSTER, "Version"), drop(CLUSTER, "EncryptionConfig")),
        "an older version with a key": OLD,
        "key in a parameter": hide(CLUSTER, KEY_ARN),
        "key by ARN": change(CLUSTER, KEY_ARN, "arn:aws:kms:eu-west-1:111122223333:key/x"),
    },
)
