from hardened_eks.controls.control_plane import secrets_encrypted
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD, KEY_ARN

CASE = Case(
    secrets_encrypted,
    GOOD,
    bad=at(
        "EncryptionConfig",
        {
            "none": drop(CLUSTER, "EncryptionConfig"),
            "empty": change(CLUSTER, "EncryptionConfig", []),
            "without key": drop(CLUSTER, "EncryptionConfig.0.Provider"),
            "of nothing": change(CLUSTER, "EncryptionConfig.0.Resources", []),
            "of what is hidden": hide(CLUSTER, "EncryptionConfig.0.Resources"),
            "hidden": hide(CLUSTER, "EncryptionConfig"),
        },
    ),
    edge={
        "key in a parameter": hide(CLUSTER, KEY_ARN),
        "key by ARN": change(CLUSTER, KEY_ARN, "arn:aws:kms:eu-west-1:111122223333:key/x"),
    },
)
