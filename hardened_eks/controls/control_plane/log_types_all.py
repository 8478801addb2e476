from collections.abc import Iterator

from hardened_eks.controls.control_plane import _logging
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.log_types import CONTROL_PLANE
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-04",
    title="All five control-plane logs are exported",
    requirement="eks.logging.all_types",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "The control plane runs in an account of AWS. Logs that are not exported cannot be retrieved later, and an "
        "investigation needs all five types, from who authenticated to why a pod was scheduled on a node."
    ),
    fix="List api, audit, authenticator, controllerManager and scheduler under Logging.ClusterLogging.EnabledTypes.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    blind=(
        "Retention and encryption of the log group (see LG-01 and the other LG controls). Security Hub EKS.8, checkov "
        "and Control Tower check fewer types; cdk-nag's EKS2 does not evaluate aws_eks_v2 clusters."
    ),
    enforced_by="Cluster",
)
def log_types_all(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    exported = _logging.exported(cluster)
    missing = [type_ for type_ in CONTROL_PLANE if type_ not in exported]
    if missing:
        yield Problem(f"not exported: {', '.join(missing)}", _logging.PATH, cause=_logging.NOT_EXPORTED)
