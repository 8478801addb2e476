from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL


@control(
    id="LG-06",
    title="Trails deliver to CloudWatch Logs",
    requirement="cloudtrail.to_cloudwatch",
    types=(TRAIL,),
    absence="there is no trail that delivers to CloudWatch Logs",
    needs="resource",
    severity=Severity.LOW,
    why="Files in a bucket are read only afterwards; metric filters and alarms need the events when they happen.",
    fix="Set CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn (send_to_cloud_watch_logs=True).",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-5",
    blind=(
        "Alerts that use EventBridge or CloudTrail Lake instead. An assembly without a trail is evaluated only if it "
        "is complete (--complete)."
    ),
    enforced_by="Trail",
)
def trail_to_cloudwatch(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path in ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"):
        if trail.get(path, "") == "":
            yield Problem("its events are not delivered to CloudWatch Logs", path)
