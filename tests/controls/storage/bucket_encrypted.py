from hardened_eks.controls.storage import bucket_encrypted
from tests.controls.cases import Case, at
from tests.controls.storage.base import BUCKETS, edit, encryption

CASE = Case(
    bucket_encrypted,
    BUCKETS,
    bad=at(
        "BucketEncryption.ServerSideEncryptionConfiguration",
        {
            "left out": edit("Data", BucketEncryption=None),
            "S3's key": edit("Data", BucketEncryption=encryption("AES256")),
            "hidden": edit("Data", BucketEncryption=encryption({"Ref": "Algorithm"})),
            "no use for access logs": edit("Data", LoggingConfiguration=None),
        },
    ),
    edge={"two layers": edit("Data", BucketEncryption=encryption("aws:kms:dsse"))},
)
