from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.buckets import BUCKET, takes_audit_logs


@control(
    id="ST-08",
    title="Buckets for trails or flow logs use Object Lock",
    requirement="s3.object_lock",
    types=(BUCKET,),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "An intruder with administrator rights deletes the record first. Not even the root user can delete a locked "
        "object."
    ),
    fix=(
        "Set ObjectLockEnabled and a default retention "
        "(object_lock_default_retention=ObjectLockRetention.compliance(...))."
    ),
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    blind=(
        "Evaluated for buckets to which a trail or flow log of the assembly writes. Buckets for server access logs "
        "and AWS Config cannot have a default retention. A template cannot set MFA delete."
    ),
    enforced_by="TrailBucket",
)
def audit_bucket_locked(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not takes_audit_logs(bucket, assembly):
        return
    locked = bucket.flag("ObjectLockEnabled", default=False)
    if locked is not True:
        yield Problem(f"its objects can be deleted (ObjectLockEnabled is {locked})", "ObjectLockEnabled")
    elif bucket.get("ObjectLockConfiguration.Rule.DefaultRetention") is None:
        yield Problem("no default retention is set, so nothing is locked", "ObjectLockConfiguration.Rule")
