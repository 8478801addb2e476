from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-05",
    title="The Kubernetes audit log is exported",
    requirement="eks.logging.audit",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why=(
        "The audit log is the only record of who did what through the Kubernetes API; intruders are not seen "
        "without it."
    ),
    fix="Add the type audit to Logging.ClusterLogging.EnabledTypes.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
)
def audit_log(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "Logging.ClusterLogging.EnabledTypes"
    if not any(isinstance(e, dict) and e.get("Type") == "audit" for e in cluster.items(path)):
        yield Problem("the audit log is not exported", path)
