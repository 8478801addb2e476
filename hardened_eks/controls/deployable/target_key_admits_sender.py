from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views.senders import ALARMS, EVENTS, LATER, QUEUE, TOPIC, UNSEEN, Sender

_SENDERS = {
    "AWS::Events::Rule": EVENTS,
    "AWS::CloudWatch::Alarm": ALARMS,
    "AWS::CloudWatch::CompositeAlarm": ALARMS,
}
_RECEIVERS = (QUEUE, TOPIC)
_UNSEEN = "a target that is not seen"
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
_BY_POLICY = {
    TOPIC: "sns",
    QUEUE: "sqs",
    "AWS::Lambda::Function": "lambda",
    "AWS::Logs::LogGroup": "logs",
}


@control(
    id="DP-63",
    title="Topics, queues and their keys accept messages from event rules and alarms",
    types=tuple(_SENDERS),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Everything deploys and the alarm looks healthy, but every message is lost, because the policy of the topic "
        "or of the key denies it (KMS returns AccessDeniedException). Nobody is alerted."
    ),
    fix=(
        "Let the policy of the topic or queue admit events.amazonaws.com or cloudwatch.amazonaws.com, depending on "
        "the sender. Let the key policy allow kms:Decrypt and kms:GenerateDataKey* to the same service. For "
        "EventBridge, do not add a condition on aws:SourceArn or aws:SourceAccount to the policy of a key or topic, "
        "because EventBridge does not send them to KMS and SNS. AWS managed keys cannot be used, because their "
        "policies cannot be changed. Do not set a RoleArn on targets that have a resource policy."
    ),
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    blind="Whether the message reaches the topic's subscribers.",
    enforced_by="BreakGlassRole",
)
def target_key_admits_sender(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    sender = Sender(_SENDERS[resource.type], resource, assembly)
    for path, value in _targets(resource):
        for branch in branches(value):
            receiver = assembly.target(branch, near=resource)
            if receiver is None and _may_be_one(branch):
                yield Problem(f"the target {branch} is not among the templates", path, cause=_UNSEEN, unseen=True)
            for fault in sender.faults(receiver) if receiver is not None and receiver.type in _RECEIVERS else ():
                yield Problem(fault, path, unseen=fault.endswith((LATER, UNSEEN)))
    for place, target in resource.each("Targets"):
        if isinstance(target, dict) and target.get("RoleArn") and (kind := _by_policy(target, resource, assembly)):
            yield Problem(
                f"with a RoleArn, messages to {kind} may be lost: EventBridge uses the target's resource policy",
                f"{place}.RoleArn",
            )


def _targets(resource: Resource) -> Iterator[tuple[str, object]]:
    for place, target in resource.each("Targets"):
        letters = target.get("DeadLetterConfig") if isinstance(target, dict) else None
        if isinstance(target, dict):
            yield f"{place}.Arn", target.get("Arn")
        if isinstance(letters, dict):
            yield f"{place}.DeadLetterConfig.Arn", letters.get("Arn")
    for name in _ACTIONS:
        yield from resource.each(name)


def _may_be_one(value: object) -> bool:
    """Return whether the reference to an unseen target may be the ARN of a queue or topic."""
    parts = str(value).split(":")
    if isinstance(value, Unknown) and len(parts) < 6:
        return True
    return isinstance(value, Unknown | str) and len(parts) >= 6 and parts[2] in {"sqs", "sns"}


def _by_policy(target: dict[str, object], rule: Resource, assembly: Assembly) -> str:
    """Return the service of a target that is authorized by its resource policy; empty for others."""
    found = assembly.target(target.get("Arn"), near=rule)
    if found is not None:
        return _BY_POLICY.get(found.type, "")
    parts = str(target.get("Arn")).split(":")
    return parts[2] if len(parts) > 5 and parts[2] in _BY_POLICY.values() else ""
