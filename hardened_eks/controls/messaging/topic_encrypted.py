from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-01",
    title="Topics are encrypted",
    requirement="sns.encrypted",
    types=("AWS::SNS::Topic",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Alerts contain the names of accounts and roles, and describe weaknesses. Without encryption, they are "
        "readable in the storage of the service."
    ),
    fix="Set KmsMasterKeyId to a key whose policy admits the publishing services (Keys.notifications).",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-1",
    blind=(
        "Whether the key admits CloudWatch and EventBridge; they cannot publish to a topic with alias/aws/sns (see "
        "MQ-02)."
    ),
    enforced_by="BreakGlassRole",
)
def topic_encrypted(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    if topic.get("KmsMasterKeyId", "") == "":  # absent means not encrypted by KMS
        yield Problem("no key encrypts its messages", "KmsMasterKeyId")
