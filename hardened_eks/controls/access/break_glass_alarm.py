from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.alarm_path import alarm_of
from hardened_eks.evidence.views.break_glass import admin_roles, cause
from hardened_eks.evidence.worst import as_far_as_known

_SAID = 3
"""The maximum number of faults in a message."""


@control(
    id="IA-13",
    title="Use of a cluster administrator role raises an alert",
    requirement="iam.break_glass.alarm",
    types=("AWS::IAM::Role",),
    needs="assembly",
    severity=Severity.HIGH,
    why="The break-glass role bypasses all other controls, so every use of it must be noticed.",
    fix=(
        "Create an EventBridge rule on sts:AssumeRole of the role that notifies a topic whose policy and key admit "
        "events.amazonaws.com, and set the State of the rule to ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS "
        "(hardened_eks.BreakGlassRole does all of this)."
    ),
    source="https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html",
    blind=(
        "Roles that are not cluster administrators by an access entry of the assembly. Alerts created elsewhere, for "
        "example in the security account. Topics, queues and keys that are not in the assembly (see IA-19). Whether "
        "anybody subscribes to the topic, and whether an event is noticed if the target is not a topic, queue, "
        "function or log group. Whether the account has a trail: without one, EventBridge receives no events."
    ),
    enforced_by="BreakGlassRole",
)
def break_glass_alarm(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role not in admin_roles(assembly):
        return
    alarm = alarm_of(role, assembly)
    if not alarm.broken:
        return
    if not alarm.faults:
        message = (
            "nobody is alerted when the role is assumed: no event rule and no metric filter with an alarm mentions it"
        )
        yield Problem(message, cause=cause(role))
        return
    message = f"nobody is alerted when the role is assumed: {'; '.join(alarm.faults[:_SAID])}"
    written = [way.get(path) for way in alarm.ways for path in ("State", "EventPattern", "FilterPattern", "Targets")]
    yield Problem(as_far_as_known(message, *written), cause=cause(role))
