"""Findings of kube-bench on nodes, whose report is in the log of its container."""

from hardened_eks.detections import clauses as c
from hardened_eks.detections.model import Detection, MetricFilter, Severity, Source

BENCHMARK = (
    Detection(
        id="kube-bench-failed",
        title="A node fails the benchmark that kube-bench runs",
        severity=Severity.MEDIUM,
        default=True,
        why=(
            "A setting of the kubelet or a file of the node is weaker than the CIS benchmark or the STIG of EKS asks: "
            "the node was changed, or its image or user data was. An auditor asks for the scan and for what it led to."
        ),
        first=(
            (
                "Read what failed: in Logs Insights, on `/aws/containerinsights/<cluster>/application`, run "
                "`fields @timestamp, kubernetes.host, log_processed.Totals.total_fail, @message "
                "| filter kubernetes.container_name = 'kube-bench-node' and log_processed.Totals.total_fail > 0 "
                "| sort @timestamp desc | limit 5`; entries with status FAIL have the remediation beside them."
            ),
            "Cordon and replace the node: `kubectl cordon NODE`, then `kubectl drain NODE --ignore-daemonsets`.",
            (
                "Where a new node fails too, compare its image and user data with the reviewed ones; where only this "
                "one failed, keep its volumes for evidence and ask who changed it (SSM sessions, pods with hostPath)."
            ),
        ),
        expressions=(
            MetricFilter(
                source=Source.CONTAINERS_LOG,
                # Fluent Bit merges JSON output of a container into the record as `log_processed`.
                pattern=c.matching(
                    c.one_of("kubernetes.namespace_name", "kube-bench"),
                    c.one_of("kubernetes.container_name", "kube-bench-node"),
                    "$.log_processed.Totals.total_fail > 0",
                ),
                period=3600,
                default=False,
            ),
        ),
        false_positives="Nodes with an image of your own, or kubelet settings that you accepted.",
        technique="",
        requirements=("node.cis_scan",),
        blind=(
            "A CronJob that does not run, and a report that does not reach the log group: no report raises no alarm. "
            "The checks of the target policies, of which some fail on every EKS cluster."
        ),
    ),
)
