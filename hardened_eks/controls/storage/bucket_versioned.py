from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.buckets import BUCKET


@control(
    id="ST-05",
    title="Buckets are versioned",
    requirement="s3.versioning",
    types=(BUCKET,),
    needs="resource",
    severity=Severity.LOW,
    why="Without versions, an object that is overwritten or deleted, by mistake or by ransomware, is lost.",
    fix="Set VersioningConfiguration.Status to Enabled (versioned=True), with a lifecycle rule for old versions.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14",
    enforced_by="TrailBucket",
)
def bucket_versioned(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    status = bucket.get("VersioningConfiguration.Status", "not set")
    if status != "Enabled":
        yield Problem(f"old versions are not kept (the status is {status})", "VersioningConfiguration.Status")
