from hardened_eks.controls.images import images_kms
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.images.base import GOOD, REPOSITORY, created

KIND = "EncryptionConfiguration.EncryptionType"

CASE = Case(
    images_kms,
    GOOD,
    bad=at(
        "EncryptionConfiguration.EncryptionType",
        {
            "S3's": change(REPOSITORY, KIND, "AES256"),
            "left out": drop(REPOSITORY, KIND),
            "nothing said": drop(REPOSITORY, "EncryptionConfiguration"),
            "hidden": hide(REPOSITORY, KIND),
            "all hidden": hide(REPOSITORY, "EncryptionConfiguration"),
            "another case": change(REPOSITORY, KIND, "kms"),
            "malformed": change(REPOSITORY, "EncryptionConfiguration", ["KMS"]),
            "repositories to come": created(EncryptionConfiguration={"EncryptionType": "AES256"}),
        },
    ),
    edge={
        "two layers": change(REPOSITORY, KIND, "KMS_DSSE"),
        "repositories to come": created(EncryptionConfiguration={"EncryptionType": "KMS"}),
    },
)
