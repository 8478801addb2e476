from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DT-03",
    title="Alarms tell somebody",
    requirement="alerts.alarm_actions",
    types=("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"),
    needs="assembly",
    severity=Severity.HIGH,
    why="An alarm without an action turns red in a console that nobody has open.",
    fix="Put a topic into AlarmActions, and leave ActionsEnabled on.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-15",
    blind=(
        "Whether anybody reads what the topic sends. An alarm that is part of a composite alarm of the assembly "
        "speaks through that one; Security Hub CloudWatch.15 asks each alarm."
    ),
    detective="Alarms belong to a team's channels; no construct makes them yet.",
)
def alarm_has_action(alarm: Resource, assembly: Assembly) -> Iterator[Problem]:
    enabled = alarm.flag("ActionsEnabled", default=True)
    if enabled is not True:
        yield Problem(f"its actions are off (ActionsEnabled is {enabled})", "ActionsEnabled")
    if not alarm.items("AlarmActions") and not any(assembly.referring(alarm, "AWS::CloudWatch::CompositeAlarm")):
        yield Problem("it tells nobody", "AlarmActions")
