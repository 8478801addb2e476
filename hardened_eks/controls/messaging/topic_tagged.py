from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-07",
    title="Topics have tags",
    requirement="sns.tags",
    types=("AWS::SNS::Topic",),
    needs="resource",
    severity=Severity.LOW,
    why="Without tags, nobody knows who owns the topic, who pays for it and whom to ask before deleting it.",
    fix="Tag the stack: cdk.Tags.of(stack).add('owner', 'payments').",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-3",
    blind=(
        "Which tags your organization requires, and tags that are set on the stack at deployment, which "
        "CloudFormation passes on to its resources."
    ),
    enforced_by="BreakGlassRole",
)
def topic_tagged(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not topic.items("Tags"):
        yield Problem("it has no tags", "Tags")
