"""Detections on the health of the cluster, which is not an attack but the first question at night."""

from typing import Any

from hardened_eks.detections.model import Detection, MetricAlarm, Severity

_CLUSTER = [{"Name": "ClusterName", "Value": "<cluster>"}]


def _alarm(namespace: str, metric: str, statistic: str, threshold: float, *, minutes: int) -> dict[str, Any]:
    """Return an alarm on a value above `threshold` in each of the last `minutes`; missing data is not an alarm."""
    return {
        "Namespace": namespace, "MetricName": metric, "Dimensions": _CLUSTER, "Statistic": statistic, "Period": 60,
        "EvaluationPeriods": minutes, "DatapointsToAlarm": minutes,
        "ComparisonOperator": "GreaterThanThreshold", "Threshold": threshold, "TreatMissingData": "notBreaching",
    }  # fmt: skip


HEALTH = (
    Detection(
        id="eks-health",
        title="The cluster is unhealthy: API latency or errors, unschedulable pods, or nodes not ready",
        severity=Severity.MEDIUM,
        default=False,
        why=(
            "Customers notice a failing API, unschedulable pods and failed nodes first. Mining and deletion by an "
            "intruder show here as well."
        ),
        first=(
            (
                "See which metric is in alarm, then: `kubectl get nodes`, `kubectl get pods -A --field-selector "
                "status.phase=Pending`, `kubectl get events -A --sort-by=.lastTimestamp`."
            ),
            (
                "API errors or latency: look for a failing webhook (`kubectl get "
                "validatingwebhookconfigurations,mutatingwebhookconfigurations`) and for a client that lists "
                "everything: count audit records by user agent."
            ),
            "Unschedulable pods: `kubectl describe pod POD` names the reason; is the node group at its maximum?",
            (
                "Nodes not ready: `kubectl describe node NODE`; a missing endpoint or security group rule affects all "
                "of them."
            ),
        ),
        expressions=(
            MetricAlarm(
                alarms=(
                    _alarm("AWS/EKS", "apiserver_request_total_5XX", "Sum", 50, minutes=5),
                    _alarm("AWS/EKS", "apiserver_request_duration_seconds_GET_P99", "Average", 1, minutes=10),
                    _alarm("AWS/EKS", "apiserver_request_duration_seconds_POST_P99", "Average", 1, minutes=10),
                    _alarm("AWS/EKS", "scheduler_pending_pods_UNSCHEDULABLE", "Sum", 0, minutes=15),
                    _alarm("ContainerInsights", "cluster_failed_node_count", "Maximum", 0, minutes=10),
                )
            ),
        ),
        false_positives="Scale-out that takes longer than 15 minutes; upgrades of nodes.",
        technique="",
        anchors=("eks-best-practices",),
        requirements=("alerts.container_insights",),
        blind="Node readiness needs the add-on amazon-cloudwatch-observability; AWS/EKS metrics come without it.",
    ),
)
