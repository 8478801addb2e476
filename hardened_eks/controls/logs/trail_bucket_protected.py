from collections.abc import Iterator
from typing import Final

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL
from hardened_eks.evidence.worst import as_far_as_known

_BLOCKS: Final = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_KEEPS: Final = ("Retain", "RetainExceptOnCreate")


@control(
    id="LG-07",
    title="The bucket of a trail is private, logs access and is protected from deletion",
    requirement="cloudtrail.bucket_private",
    types=(TRAIL,),
    needs="assembly",
    severity=Severity.CRITICAL,
    why="Anyone who can read the bucket learns how the account works. Anyone who can empty it can erase their traces.",
    fix=(
        "Block all public access, set LoggingConfiguration, retain the bucket (DeletionPolicy Retain), and enable "
        "versioning or Object Lock, preferably in a log archive account."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-6",
    blind=(
        "A template cannot set MFA delete; versioning or Object Lock counts instead. The storage controls evaluate "
        "the bucket policy."
    ),
    enforced_by="Trail",
)
def trail_bucket_protected(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    bucket = assembly.target(trail.get("S3BucketName"), "AWS::S3::Bucket", near=trail)
    if bucket is None:
        yield from not_seen(trail, assembly, "S3BucketName", "AWS::S3::Bucket")
        return
    name = bucket.logical_id
    blocks = [bucket.flag(f"PublicAccessBlockConfiguration.{block}", default=False) for block in _BLOCKS]
    if any(block is not True for block in blocks):
        message = f"its bucket {name} does not block public access"
        yield Problem(message if False in blocks else as_far_as_known(message, *blocks), "S3BucketName")
    if bucket.get("LoggingConfiguration") is None:
        yield Problem(f"access to its bucket {name} is not logged", "S3BucketName")
    if not assembly.regions and bucket.body.get("DeletionPolicy") not in _KEEPS:  # an account does not show it
        yield Problem(f"its bucket {name} is deleted with the stack", "S3BucketName")
    versioned = bucket.get("VersioningConfiguration.Status") == "Enabled"
    if not versioned and bucket.flag("ObjectLockEnabled", default=False) is not True:
        yield Problem(f"objects in its bucket {name} are neither versioned nor locked", "S3BucketName")
