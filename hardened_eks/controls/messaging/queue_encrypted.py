from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-10",
    title="Queues are encrypted",
    requirement="sqs.encrypted",
    types=("AWS::SQS::Queue",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Events and dead-letter messages contain the names of instances and roles, and details of failures. Without "
        "encryption, they are readable in the storage of the service."
    ),
    fix="Set KmsMasterKeyId to a customer managed key, or leave SqsManagedSseEnabled on.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
    blind=(
        "SQS encrypts new queues by default since 2022, so a queue without the property passes; checkov CKV_AWS_27 "
        "and Control Tower CT.SQS.PR.2 require the property."
    ),
    enforced_by="BreakGlassRole",
)
def queue_encrypted(queue: Resource, assembly: Assembly) -> Iterator[Problem]:
    managed = queue.flag("SqsManagedSseEnabled", default=True)  # absent means on
    if managed is not True and queue.get("KmsMasterKeyId", "") == "":
        yield Problem(f"its messages are not encrypted (SqsManagedSseEnabled is {managed})", "SqsManagedSseEnabled")
