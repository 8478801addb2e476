from hardened_eks.controls.detection import audit_surge_alarmed
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.detection.base import ALARM, FILTER, SURGE, without

CASE = Case(
    audit_surge_alarmed,
    SURGE,
    bad={
        "no alarm": Bad(without("Alarm"), "MetricTransformations.0.MetricName"),
        "alarm on another metric": Bad(change(ALARM, "MetricName", "Other"), "MetricTransformations.0.MetricName"),
        "alarm on another namespace": Bad(change(ALARM, "Namespace", "Other"), "MetricTransformations.0.MetricName"),
        "only 401": Bad(change(FILTER, "FilterPattern", "{ $.responseStatus.code = 401 }"), "FilterPattern"),
        "something else": Bad(change(FILTER, "FilterPattern", '{ $.verb = "delete" }'), "FilterPattern"),
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
