import fnmatch
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.intrinsics import LATER
from hardened_eks.evidence.policies import Statement, statements

_SENDERS = {
    "AWS::Events::Rule": "events",
    "AWS::CloudWatch::Alarm": "cloudwatch",
    "AWS::CloudWatch::CompositeAlarm": "cloudwatch",
}
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")


@control(
    id="DP-63",
    title="The keys of queues and topics admit the rules and alarms that send to them",
    types=tuple(_SENDERS),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Everything deploys, and every message is lost: EventBridge and CloudWatch cannot encrypt it (KMS answers "
        "AccessDeniedException), and nobody is told."
    ),
    fix=(
        "Let the key policy allow kms:Decrypt and kms:GenerateDataKey* to events.amazonaws.com, or "
        "cloudwatch.amazonaws.com; AWS managed keys cannot be opened to them."
    ),
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-sqs.html",
    blind="Queues, topics and keys that are not in the assembly.",
    enforced_by="BreakGlassRole",
)
def target_key_admits_sender(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    service = _SENDERS[resource.type]
    for path, value in _targets(resource):
        target = assembly.target(value, "AWS::SQS::Queue", "AWS::SNS::Topic", near=resource)
        if target is not None and (problem := _problem(target, service, assembly)):
            yield Problem(problem, path)


def _targets(resource: Resource) -> Iterator[tuple[str, object]]:
    for place, target in resource.each("Targets"):
        letters = target.get("DeadLetterConfig") if isinstance(target, dict) else None
        if isinstance(target, dict):
            yield f"{place}.Arn", target.get("Arn")
        if isinstance(letters, dict):
            yield f"{place}.DeadLetterConfig.Arn", letters.get("Arn")
    for name in _ACTIONS:
        yield from resource.each(name)


def _problem(target: Resource, service: str, assembly: Assembly) -> str:
    value = target.get("KmsMasterKeyId")
    if "alias/aws/" in str(value):
        return f"{target.logical_id} is under {value}, which {service}.amazonaws.com cannot use"
    alias = assembly.target(value, "AWS::KMS::Alias", near=target)
    key = assembly.target(alias.get("TargetKeyId") if alias else value, "AWS::KMS::Key", near=alias or target)
    if key is None:
        return ""
    ours = [s for s in statements(key.get("KeyPolicy")) if s.allows and (s.unknown or _names(s, service))]
    missing = [action for action in _NEEDED if not any(s.does(action) for s in ours)]
    given = f"gives {service}.amazonaws.com no {', '.join(missing)}"
    return f"the policy of {key.logical_id}, the key of {target.logical_id}, {given}" if missing else ""


def _names(statement: Statement, service: str) -> bool:
    host = f"{service}.amazonaws.com"
    return statement.anybody or any(
        fnmatch.fnmatchcase(host, LATER.sub("*", name)) for kind, name in statement.principals if kind == "Service"
    )
