from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.buckets import BUCKET, takes_access_logs, takes_load_balancer_logs

_KMS: Final = ("aws:kms", "aws:kms:dsse")
_PATH: Final = "BucketEncryption.ServerSideEncryptionConfiguration"


@control(
    id="ST-04",
    title="Buckets are encrypted with a KMS key",
    requirement="s3.encrypted",
    types=(BUCKET,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "With the key of S3, anyone who can read the object can decrypt it. With a KMS key, they also need access to "
        "that key, and you can revoke it."
    ),
    fix="Set SSEAlgorithm to aws:kms with a KMSMasterKeyID (encryption=BucketEncryption.KMS).",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-17",
    blind=(
        "A bucket that receives only server access logs, or only logs of Application and Classic Load Balancers, "
        "cannot use KMS and passes with the key of S3, which every new bucket has."
    ),
    enforced_by="TrailBucket",
)
def bucket_encrypted(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if takes_access_logs(bucket, assembly):
        return
    algorithm = bucket.get(
        f"{_PATH}.0.ServerSideEncryptionByDefault.SSEAlgorithm", "AES256"
    )  # if absent, S3 uses its own key
    if algorithm == "AES256" and takes_load_balancer_logs(bucket, assembly):
        return
    if algorithm not in _KMS:
        yield Problem(f"no KMS key encrypts it (the algorithm is {algorithm})", _PATH)
