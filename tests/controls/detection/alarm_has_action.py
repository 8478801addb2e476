from hardened_eks.controls.detection import alarm_has_action
from tests.controls.cases import Bad, Case, add, both, change, drop, hide
from tests.controls.detection.base import ALARM, SURGE


def rule(state="ALARM", **properties):
    """A rule that sends on what the alarm says, for targets that take no action of an alarm."""
    pattern = {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "resources": [{"Fn::GetAtt": ["Alarm", "Arn"]}],
        "detail": {"state": {"value": [state]}},
    }
    given = {"EventPattern": pattern, "Targets": [{"Id": "a", "Arn": "arn:x"}], **properties}
    return both(drop(ALARM, "AlarmActions"), add(Sends=("AWS::Events::Rule", given)))


CASE = Case(
    alarm_has_action,
    SURGE,
    bad={
        "none": Bad(drop(ALARM, "AlarmActions"), "AlarmActions"),
        "empty": Bad(change(ALARM, "AlarmActions", []), "AlarmActions"),
        "off": Bad(change(ALARM, "ActionsEnabled", False), "ActionsEnabled"),
        "rule on OK": Bad(rule("OK"), "AlarmActions"),
        "rule that is off": Bad(rule(State="DISABLED"), "AlarmActions"),
        "rule without targets": Bad(rule(Targets=[]), "AlarmActions"),
        "hidden": Bad(hide(ALARM, "ActionsEnabled"), "ActionsEnabled"),
        "composite without": Bad(
            add(All=("AWS::CloudWatch::CompositeAlarm", {"AlarmRule": "ALARM(x)"})), "AlarmActions"
        ),
    },
    edge={
        "part of a composite": both(
            drop(ALARM, "AlarmActions"),
            add(
                All=(
                    "AWS::CloudWatch::CompositeAlarm",
                    {"AlarmRule": {"Fn::Sub": "ALARM(${Alarm})"}, "AlarmActions": ["arn:x"]},
                )
            ),
        ),
        "sent on by a rule": rule(),
        "topic in a parameter": change(ALARM, "AlarmActions", [{"Ref": "Topic"}]),
    },
)
