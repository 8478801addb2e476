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
    why="Alerts name accounts, roles and weaknesses; unencrypted they lie readable in the service's storage.",
    fix="Set KmsMasterKeyId to a key whose policy admits the publishing services (Keys.notifications).",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-1",
    blind="Whether the key admits CloudWatch and EventBridge; with alias/aws/sns they cannot publish (see MQ-02).",
    enforced_by="BreakGlassRole",
)
def topic_encrypted(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    if topic.get("KmsMasterKeyId", "") == "":  # absent means not encrypted by KMS
        yield Problem("no key encrypts its messages", "KmsMasterKeyId")
