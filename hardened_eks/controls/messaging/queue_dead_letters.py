import json
from collections.abc import Iterator

from hardened_eks.controls.messaging._policies import QUEUE
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-12",
    title="Queues have a dead-letter queue",
    requirement="sqs.dlq",
    types=(QUEUE,),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "A message that cannot be processed is delivered again and again, or is deleted when its retention period "
        "ends. In both cases, nobody learns why."
    ),
    fix="Set RedrivePolicy with deadLetterTargetArn and maxReceiveCount (dead_letter_queue=).",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    blind=(
        "A queue that another queue, a rule, a subscription or a function uses as its dead-letter queue needs none "
        "itself. A queue that only another stack uses in this way is a finding."
    ),
    enforced_by="BreakGlassRole",
)
def queue_dead_letters(queue: Resource, assembly: Assembly) -> Iterator[Problem]:
    if _text(queue.get("RedrivePolicy")) or queue.get("RedriveAllowPolicy") is not None:
        return
    if not any(_as_dead_letters(user, queue, assembly) for user in assembly.referring(queue)):
        yield Problem("messages that cannot be processed are lost (no dead-letter queue)", "RedrivePolicy")


def _text(value: object) -> str:
    return "" if value in (None, "", {}) else str(value)


def _as_dead_letters(user: Resource, queue: Resource, assembly: Assembly) -> bool:
    if user.type in {QUEUE, "AWS::SNS::Subscription"}:
        policy = user.get("RedrivePolicy")
        if isinstance(policy, str):
            try:
                policy = json.loads(policy)
            except ValueError:
                return False
        return (
            isinstance(policy, dict) and assembly.target(policy.get("deadLetterTargetArn"), QUEUE, near=user) is queue
        )
    if user.type == "AWS::Events::Rule":
        paths = [f"Targets.{index}.DeadLetterConfig.Arn" for index in range(len(user.items("Targets")))]
    else:
        paths = ["DeadLetterConfig.TargetArn", "Target.DeadLetterConfig.Arn", "DestinationConfig.OnFailure.Destination"]
    return any(assembly.target(user.get(path), QUEUE, near=user) is queue for path in paths)
