from hardened_eks.controls.detection import audit_surge_alarmed
from tests.controls.cases import Bad, Case, ITSELF, add, at, both, change, drop, hide, without
from tests.controls.detection.base import ALARM, FILTER, SURGE

CASE = Case(
    audit_surge_alarmed,
    SURGE,
    bad={
        **at(
            "MetricTransformations.0.MetricName",
            {
                "no alarm": without("Alarm"),
                "alarm on another metric": change(ALARM, "MetricName", "Other"),
                "alarm on few": change(ALARM, "ComparisonOperator", "LessThanThreshold"),
                "alarm on another namespace": change(ALARM, "Namespace", "Other"),
            },
        ),
        **at(
            ITSELF,
            {
                "only one cluster": add(Second=("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/two/cluster"})),
                "only 401": change(FILTER, "FilterPattern", "{ $.responseStatus.code = 401 }"),
                "all but 403": change(
                    FILTER, "FilterPattern", "{ $.responseStatus.code = 401 || $.responseStatus.code != 403 }"
                ),
                "beyond 403": change(
                    FILTER, "FilterPattern", "{ $.responseStatus.code = 401 || $.responseStatus.code > 403 }"
                ),
                "something else": change(FILTER, "FilterPattern", '{ $.verb = "delete" }'),
            },
        ),
        "counts nothing": Bad(
            change(FILTER, "MetricTransformations.0.MetricValue", "0"), "MetricTransformations.0.MetricValue"
        ),
        "hidden": Bad(hide(FILTER, "FilterPattern"), "FilterPattern"),
        "group by name": Bad(
            both(change(FILTER, "LogGroupName", "/aws/eks/prod/cluster"), without("Alarm")),
            "MetricTransformations.0.MetricName",
        ),
    },
    edge={
        "all refusals": change(
            FILTER, "FilterPattern", "{ $.responseStatus.code >= 400 && $.responseStatus.code < 500 }"
        ),
        "a log by the name of a cluster": change(FILTER, "LogGroupName", {"Fn::Sub": "/aws/eks/${Cluster}/cluster"}),
        "another log of a cluster": add(Second=("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/prod/pods"})),
        "each of two clusters": add(
            Second=("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/two/cluster"}),
            Other=(
                FILTER,
                {
                    "LogGroupName": "/aws/eks/two/cluster",
                    "FilterPattern": "{ $.responseStatus.code = 403 }",
                    "MetricTransformations": [{"MetricNamespace": "Audit", "MetricName": "Refused"}],
                },
            ),
        ),
        "by wildcard": change(FILTER, "FilterPattern", '{ $.responseStatus.code = "4*" }'),
        "more than 400": change(FILTER, "FilterPattern", "{ $.responseStatus.code > 400 }"),
        "a value of the record": change(FILTER, "MetricTransformations.0.MetricValue", "$.size"),
        "a hidden pattern beside the surge": add(
            Other=(
                FILTER,
                {
                    "LogGroupName": "/aws/eks/prod/cluster",
                    "FilterPattern": {"Fn::ImportValue": "pattern"},
                    "MetricTransformations": [
                        {"MetricNamespace": "Audit", "MetricName": "Refused", "MetricValue": "1"}
                    ],
                },
            )
        ),
        "an alarm on silence beside the surge": add(
            Records=(
                FILTER,
                {
                    "LogGroupName": "/aws/eks/prod/cluster",
                    "FilterPattern": '{ $.apiVersion = "audit.k8s.io/*" }',
                    "MetricTransformations": [{"MetricNamespace": "Audit", "MetricName": "Lines", "MetricValue": "1"}],
                },
            ),
            Silent=(
                ALARM,
                {
                    "Namespace": "Audit",
                    "MetricName": "Lines",
                    "ComparisonOperator": "LessThanThreshold",
                    "AlarmActions": ["arn:x"],
                },
            ),
        ),
        "another log": both(change(FILTER, "LogGroupName", "/app"), without("Alarm")),
        "alarm by metric query": both(
            drop(ALARM, "MetricName"),
            change(
                ALARM,
                "Metrics",
                [{"Id": "m", "MetricStat": {"Metric": {"Namespace": "Audit", "MetricName": "Refused"}}}],
            ),
        ),
    },
)
