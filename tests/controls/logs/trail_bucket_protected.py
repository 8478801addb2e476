from hardened_eks.controls.logs import trail_bucket_protected
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.logs.base import BUCKET, TRAIL, TRAILS


def delete_bucket(body):
    bucket = {k: v for k, v in body["Resources"]["Bucket"].items() if k != "DeletionPolicy"}
    return {**body, "Resources": {**body["Resources"], "Bucket": bucket}}


CASE = Case(
    trail_bucket_protected,
    TRAILS,
    bad=at(
        "S3BucketName",
        {
            "public": drop(BUCKET, "PublicAccessBlockConfiguration"),
            "one block off": change(BUCKET, "PublicAccessBlockConfiguration.BlockPublicPolicy", False),
            "one block hidden": hide(BUCKET, "PublicAccessBlockConfiguration.IgnorePublicAcls"),
            "not logged": drop(BUCKET, "LoggingConfiguration"),
            "deleted with the stack": delete_bucket,
            "not versioned": drop(BUCKET, "VersioningConfiguration"),
        },
    ),
    edge={
        "in another account": change(TRAIL, "S3BucketName", "log-archive"),
        "locked": both(drop(BUCKET, "VersioningConfiguration"), change(BUCKET, "ObjectLockEnabled", True)),
    },
)
