from hardened_eks.controls.detection import guardduty_eks_audit
from tests.controls.cases import Case, at, both, change, drop
from tests.controls.detection.base import DETECTOR, GUARDED, off


def legacy(**sources):
    return both(drop(DETECTOR, "Features"), change(DETECTOR, "DataSources", sources))


CASE = Case(
    guardduty_eks_audit,
    GUARDED,
    bad=at("Features", off("EKS_AUDIT_LOGS")),
    edge={"older form": legacy(Kubernetes={"AuditLogs": {"Enable": True}})},
)
