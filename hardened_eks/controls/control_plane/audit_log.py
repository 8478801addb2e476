from collections.abc import Iterator

from hardened_eks.controls.control_plane import _logging
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-05",
    title="The Kubernetes audit log is exported",
    requirement="eks.logging.audit",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "The audit log is the only record of who did what to which Kubernetes object. Alarms and GuardDuty findings "
        "depend on it."
    ),
    fix="Add {'Type': 'audit'} to Logging.ClusterLogging.EnabledTypes.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    blind="The audit policy: EKS defines it and has no setting for it.",
    enforced_by="Cluster",
)
def audit_log(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    if "audit" not in _logging.exported(cluster):
        yield Problem("the audit log is not exported", _logging.PATH, cause=_logging.NOT_EXPORTED)
