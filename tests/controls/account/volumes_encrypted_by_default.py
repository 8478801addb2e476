from hardened_eks.controls.account import volumes_encrypted_by_default
from tests.controls.cases import Bad, Case, change, drop, hide, template

SETTING = "AWS::EC2::EbsEncryptionByDefault"

CASE = Case(
    volumes_encrypted_by_default,
    template({"Setting": (SETTING, {"EbsEncryptionByDefault": True})}),
    bad={
        "off": Bad(change(SETTING, "EbsEncryptionByDefault", False), "EbsEncryptionByDefault"),
        "left out": Bad(drop(SETTING, "EbsEncryptionByDefault"), "EbsEncryptionByDefault"),
        "hidden": Bad(hide(SETTING, "EbsEncryptionByDefault"), "EbsEncryptionByDefault"),
    },
)
