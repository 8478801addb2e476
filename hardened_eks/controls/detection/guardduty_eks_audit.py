from collections.abc import Iterator

from hardened_eks.controls.detection._guardduty import BLIND, DETECTOR, missing
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DT-06",
    title="GuardDuty monitors the Kubernetes audit log",
    requirement="guardduty.eks_audit",
    types=(DETECTOR,),
    absence="no GuardDuty detector monitors the Kubernetes audit log",
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Anonymous access, a new privileged pod or a call from a Tor node appear in the audit log, which nobody else "
        "reads all day."
    ),
    fix=(
        "Add the feature EKS_AUDIT_LOGS with Status ENABLED. The log does not have to be exported to CloudWatch for "
        "this."
    ),
    source="https://docs.aws.amazon.com/guardduty/latest/ug/kubernetes-protection.html",
    blind=BLIND,
    enforced_by="ManagedDetectors",
)
def guardduty_eks_audit(detector: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from missing(detector, "EKS_AUDIT_LOGS", "audit log monitoring", legacy="Kubernetes.AuditLogs.Enable")
