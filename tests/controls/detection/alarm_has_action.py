from hardened_eks.controls.detection import alarm_has_action
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.detection.base import ALARM, SURGE, add

CASE = Case(
    alarm_has_action,
    SURGE,
    bad={
        "none": Bad(drop(ALARM, "AlarmActions"), "AlarmActions"),
        "empty": Bad(change(ALARM, "AlarmActions", []), "AlarmActions"),
        "off": Bad(change(ALARM, "ActionsEnabled", False), "ActionsEnabled"),
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
        "topic in a parameter": change(ALARM, "AlarmActions", [{"Ref": "Topic"}]),
    },
)
