from hardened_eks.controls.recovery import vault_encrypted
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.recovery.base import VAULT, VAULTS

CASE = Case(
    vault_encrypted,
    VAULTS,
    bad=at(
        "EncryptionKeyArn",
        {
            "left out": drop(VAULT, "EncryptionKeyArn"),
            "empty": change(VAULT, "EncryptionKeyArn", ""),
            "of AWS": change(
                VAULT, "EncryptionKeyArn", {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:1:alias/aws/backup"}
            ),
        },
    ),
    edge={"in a parameter": hide(VAULT, "EncryptionKeyArn")},
)
