from hardened_eks.controls.access import break_glass_alarm
from tests.controls.access.base import ROLE, TRUST, admits, document, sub, with_resources
from tests.controls.cases import ITSELF, Case, at, both, change, drop, hide, template

RULE = "AWS::Events::Rule"
FILTER = "AWS::Logs::MetricFilter"
ALARM = "AWS::CloudWatch::Alarm"
ENTRY = "AWS::EKS::AccessEntry"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}

TAKEN = {
    "source": ["aws.sts"],
    "detail": {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [ROLE_ARN]}},
}

ALL_CALLS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
TOPIC = {"Id": "t", "Arn": {"Ref": "Topic"}}

BREAK_GLASS = template(
    {
        "Role": (ROLE, {TRUST: document(admits({"AWS": "arn:aws:iam::111122223333:role/on-call"}))}),
        "Topic": ("AWS::SNS::Topic", {}),
        "Entry": (
            ENTRY,
            {
                "ClusterName": "one",
                "PrincipalArn": ROLE_ARN,
                "AccessPolicies": [{"PolicyArn": ADMIN, "AccessScope": {"Type": "cluster"}}],
            },
        ),
        "Rule": (RULE, {"EventPattern": TAKEN, "Targets": [TOPIC], "State": ALL_CALLS}),
    }
)


def heard(alarm):
    """Return the way by a metric filter on the trail's log group, and an alarm on its metric."""
    return with_resources(
        drop(RULE, ""),
        {
            "Filter": (
                FILTER,
                {
                    "FilterPattern": sub('{ $.requestParameters.roleArn = "${Role.Arn}" }'),
                    "MetricTransformations": [{"MetricName": "BreakGlass", "MetricNamespace": "Trail"}],
                },
            ),
            "Alarm": (ALARM, alarm),
        },
    )


CASE = Case(
    break_glass_alarm,
    BREAK_GLASS,
    bad=at(
        ITSELF,
        {
            "no rule": drop(RULE, ""),
            "about another role": change(
                RULE, "EventPattern.detail.requestParameters.roleArn", ["arn:aws:iam::1:role/x"]
            ),
            "about nobody": change(RULE, "EventPattern", {"source": ["aws.sts"]}),
            "the role only delivers": both(
                change(RULE, "EventPattern", {"source": ["aws.sts"]}), change(RULE, "Targets.0.RoleArn", ROLE_ARN)
            ),
            "switched off": change(RULE, "State", "DISABLED"),
            "not told of read-only calls": change(RULE, "State", "ENABLED"),
            "state left out": drop(RULE, "State"),
            "state hidden": hide(RULE, "State"),
            "tells nobody": drop(RULE, "Targets"),
            "tells an empty list": change(RULE, "Targets", []),
            "a filter without alarm": both(heard({"MetricName": "BreakGlass"}), drop(ALARM, "")),
            "an alarm on another metric": heard({"MetricName": "Other", "AlarmActions": [{"Ref": "Topic"}]}),
            "an alarm that tells nobody": heard({"MetricName": "BreakGlass"}),
            "an alarm that is switched off": heard(
                {"MetricName": "BreakGlass", "AlarmActions": [{"Ref": "Topic"}], "ActionsEnabled": False}
            ),
            "policy joined": both(
                drop(RULE, ""),
                change(
                    ENTRY,
                    "AccessPolicies.0.PolicyArn",
                    sub("arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"),
                ),
            ),
            "principal by name": both(
                drop(RULE, ""),
                change(ROLE, "RoleName", "glass"),
                change(ENTRY, "PrincipalArn", sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/glass")),
            ),
        },
    ),
    edge={
        "by metric and alarm": heard({"MetricName": "BreakGlass", "AlarmActions": [{"Ref": "Topic"}]}),
        "the pattern by Sub": change(
            RULE, "EventPattern.detail.requestParameters.roleArn", [{"Fn::Sub": "${Role.Arn}"}]
        ),
        "no administrator": both(
            drop(RULE, ""),
            change(
                ENTRY,
                "AccessPolicies.0.PolicyArn",
                "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            ),
        ),
        "no entry": both(drop(RULE, ""), drop(ENTRY, "")),
        "entry of another": both(drop(RULE, ""), change(ENTRY, "PrincipalArn", "arn:aws:iam::1:role/x")),
        "malformed": both(change(ENTRY, "AccessPolicies", [5, None, "x"]), change(RULE, "Targets", [5])),
    },
)
