from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.event_patterns import pattern_of


@control(
    id="DT-03",
    title="Alarms notify somebody",
    requirement="alerts.alarm_actions",
    types=("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"),
    needs="assembly",
    severity=Severity.HIGH,
    why="An alarm without an action changes its state only in the console, where nobody may be looking.",
    fix=(
        "Add a topic to AlarmActions and leave ActionsEnabled on, or let a rule on 'CloudWatch Alarm State Change' "
        "with the alarm's ARN in resources forward it."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-15",
    blind=(
        "Whether anybody reads the messages of the topic. An alarm that is part of a composite alarm of the assembly "
        "notifies through the composite alarm; Security Hub CloudWatch.15 requires an action on each alarm."
    ),
    enforced_by="Detection",
)
def alarm_has_action(alarm: Resource, assembly: Assembly) -> Iterator[Problem]:
    if any(_speaks(rule, alarm, assembly) for rule in assembly.referring(alarm, "AWS::Events::Rule")):
        return
    enabled = alarm.flag("ActionsEnabled", default=True)
    if enabled is not True:
        yield Problem(f"its actions are off (ActionsEnabled is {enabled})", "ActionsEnabled")
    if not alarm.items("AlarmActions") and not any(assembly.referring(alarm, "AWS::CloudWatch::CompositeAlarm")):
        yield Problem("it notifies nobody", "AlarmActions")


def _speaks(rule: Resource, alarm: Resource, assembly: Assembly) -> bool:
    """Return whether a rule forwards state changes of the alarm, even if the actions of the alarm are off."""
    pattern = pattern_of(rule.get("EventPattern"))
    if pattern is None or rule.get("State", "ENABLED") == "DISABLED" or not rule.items("Targets"):
        return False
    detail = pattern.get("detail")
    state = detail.get("state") if isinstance(detail, dict) else None
    values = state.get("value") if isinstance(state, dict) else None
    named = pattern.get("resources")
    return (
        "CloudWatch Alarm State Change" in pattern.get("detail-type", ())
        and isinstance(named, list)
        and any(assembly.target(name, near=rule) is alarm for name in named)
        and (values is None or "ALARM" in values)
    )
