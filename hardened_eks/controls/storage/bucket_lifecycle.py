from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.buckets import BUCKET


@control(
    id="ST-07",
    title="Buckets have lifecycle rules",
    requirement="s3.lifecycle",
    types=(BUCKET,),
    needs="resource",
    severity=Severity.LOW,
    why="Data that nobody ever removes costs money forever, and can be stolen long after it was needed.",
    fix="Add an enabled rule that expires or transitions objects, and their old versions if the bucket is versioned.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-13",
    blind="Whether the periods match your retention requirements.",
    enforced_by="TrailBucket",
)
def bucket_lifecycle(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    rules = bucket.items("LifecycleConfiguration.Rules")
    hidden = [rule for rule in rules if isinstance(rule, Unknown)]
    if not hidden and not any(isinstance(rule, dict) and rule.get("Status") == "Enabled" for rule in rules):
        yield Problem("no enabled rule limits how long objects are kept", "LifecycleConfiguration.Rules")
    elif hidden:
        yield Problem("its rules are known only at deployment", "LifecycleConfiguration.Rules")
