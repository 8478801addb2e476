from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.buckets import BUCKET, takes_access_logs


@control(
    id="ST-06",
    title="Buckets have server access logging",
    requirement="s3.access_logging",
    types=(BUCKET,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="After a leak, the first question is who downloaded what, and from where.",
    fix="Set LoggingConfiguration with a destination bucket (server_access_logs_bucket=).",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-9",
    blind=(
        "A bucket that receives the logs of another bucket of the assembly needs no logging itself. CloudTrail data "
        "events that are used instead do not count."
    ),
    enforced_by="TrailBucket",
)
def bucket_access_logged(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if bucket.get("LoggingConfiguration") in (None, {}) and not takes_access_logs(bucket, assembly):
        yield Problem("access to it is not logged", "LoggingConfiguration")
