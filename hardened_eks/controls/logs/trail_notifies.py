from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL


@control(
    id="LG-09",
    title="Trails notify a topic when they deliver log files",
    requirement="cloudtrail.sns",
    types=(TRAIL,),
    absence="there is no trail that notifies a topic",
    needs="resource",
    severity=Severity.LOW,
    why=(
        "A program that reads the log files is notified at once, and missing notifications show that somebody stopped "
        "the trail."
    ),
    fix="Set SnsTopicName to a topic whose policy admits cloudtrail.amazonaws.com.",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html",
    blind=(
        "Bucket notifications or EventBridge rules that are used instead. An assembly without a trail is evaluated "
        "only if it is complete (--complete)."
    ),
    enforced_by="Trail",
)
def trail_notifies(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    if trail.get("SnsTopicName", "") == "":
        yield Problem("it notifies no topic of new log files", "SnsTopicName")
