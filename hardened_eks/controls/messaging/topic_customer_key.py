from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-02",
    title="Topics are encrypted with a customer managed key",
    requirement="sns.cmk",
    types=("AWS::SNS::Topic",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "The policy of alias/aws/sns cannot be changed, so alarms and event rules cannot publish to the topic, and "
        "alerts are lost silently."
    ),
    fix=(
        "Set KmsMasterKeyId to a customer managed key that admits cloudwatch.amazonaws.com and events.amazonaws.com "
        "(Keys.notifications)."
    ),
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    blind="A key in a parameter or another stack counts as a customer managed key.",
    enforced_by="BreakGlassRole",
)
def topic_customer_key(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = str(topic.get("KmsMasterKeyId", ""))
    if key == "" or key.endswith("alias/aws/sns"):
        yield Problem(
            f"no customer managed key encrypts its messages (KmsMasterKeyId is {key or 'not set'})", "KmsMasterKeyId"
        )
