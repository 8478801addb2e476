from hardened_eks.controls.access import break_glass_alarm_seen
from tests.controls.access.break_glass import BREAK_GLASS, QUEUE, RULE, TOPIC, heard, viewer
from tests.controls.cases import ITSELF, Case, at, both, change, drop, hide

ARN = "arn:aws:sns:eu-west-1:111122223333:security"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000"

CASE = Case(
    break_glass_alarm_seen,
    BREAK_GLASS,
    bad=at(
        ITSELF,
        {
            "a topic by ARN": change(RULE, "Targets.0.Arn", ARN),
            "a topic by parameter": hide(RULE, "Targets.0.Arn"),
            "a topic of another stack": change(RULE, "Targets.0.Arn", {"Fn::ImportValue": "topic"}),
            "a key by ARN": change(TOPIC, "KmsMasterKeyId", KEY_ARN),
            "a key by parameter": hide(TOPIC, "KmsMasterKeyId"),
            "a key of the queue by ARN": change(QUEUE, "KmsMasterKeyId", KEY_ARN),
            "by metric": heard({"MetricName": "BreakGlass", "AlarmActions": [ARN]}),
        },
    ),
    edge={
        "one more topic by ARN": change(
            RULE, "Targets", [{"Id": "a", "Arn": ARN}, {"Id": "b", "Arn": {"Ref": "Topic"}}]
        ),
        "no alert at all, which is IA-13's": drop(RULE, ""),
        "an alert that is off, which is IA-13's": both(
            change(RULE, "State", "DISABLED"), change(RULE, "Targets.0.Arn", ARN)
        ),
        "no administrator": both(viewer, change(RULE, "Targets.0.Arn", ARN)),
    },
)
