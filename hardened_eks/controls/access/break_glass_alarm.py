import re
from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.environment import elsewhere
from hardened_eks.evidence.worst import as_far_as_known

# CloudTrail calls AssumeRole read-only, and a rule that is merely ENABLED is not promised read-only calls:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
_TOLD_ALL = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@control(
    id="IA-13",
    title="Use of a cluster administrator's role raises an alert",
    requirement="iam.break_glass.alarm",
    types=("AWS::IAM::Role",),
    needs="assembly",
    severity=Severity.HIGH,
    why="The break-glass role is the one door past all other controls: opening it must be heard.",
    fix=(
        "Let an EventBridge rule on sts:AssumeRole of the role notify a topic, and set its State to "
        "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS (hardened_eks.BreakGlassRole does both)."
    ),
    source="https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html",
    blind=(
        "Roles that are not cluster administrators by an access entry of the assembly; alerts made elsewhere, "
        "for example in the security account. What a rule's pattern matches besides naming the role, and whether the "
        "account has a trail: without one EventBridge is told nothing."
    ),
    enforced_by="BreakGlassRole",
)
def break_glass_alarm(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    entries = assembly.once("break_glass.entries", lambda: _admin_entries(assembly))
    admin = any(_mentions(entry, "PrincipalArn", role, assembly) for entry in entries)
    if admin and not any(_heard(role, assembly)):
        message = (
            "nobody is told when the role is taken: no rule with a target that gets all calls of CloudTrail, and no "
            "alarmed filter, mentions it"
        )
        rules = [rule for rule in assembly.of("AWS::Events::Rule") if _mentions(rule, "EventPattern", role, assembly)]
        yield Problem(as_far_as_known(message, *(rule.get("State") for rule in rules)))


def _admin_entries(assembly: Assembly) -> list[Resource]:
    return [
        entry
        for entry in assembly.of("AWS::EKS::AccessEntry")
        if any("AmazonEKSClusterAdminPolicy" in str(policy) for policy in entry.items("AccessPolicies"))
    ]


def _heard(role: Resource, assembly: Assembly) -> Iterator[bool]:
    for rule in assembly.of("AWS::Events::Rule"):
        if _mentions(rule, "EventPattern", role, assembly):
            yield rule.get("State") == _TOLD_ALL and bool(rule.items("Targets"))
    alarmed = {
        str(alarm.get("MetricName"))
        for alarm in assembly.of("AWS::CloudWatch::Alarm")
        if alarm.items("AlarmActions") and alarm.flag("ActionsEnabled", default=True) is True
    }
    for pattern in assembly.of("AWS::Logs::MetricFilter"):
        if _mentions(pattern, "FilterPattern", role, assembly):
            for index in range(len(pattern.items("MetricTransformations"))):
                yield str(pattern.get(f"MetricTransformations.{index}.MetricName")) in alarmed


def _mentions(resource: Resource, path: str, role: Resource, assembly: Assembly) -> bool:
    """Say whether a property mentions the role: by reference, or by its name where that is fixed."""
    if role in assembly.mentions(resource, path):
        return True
    name = role.get("RoleName")
    if not isinstance(name, str) or elsewhere(resource.template, role.template):
        return False
    written = assembly.once(("break_glass.text", resource, path), lambda: str(resource.get(path)))
    return name in written and re.search(rf"/{re.escape(name)}(?![\w+=,.@/-])", written) is not None
