from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

_PATH = "Logging.ClusterLogging.EnabledTypes"
_ALL = ("api", "audit", "authenticator", "controllerManager", "scheduler")


@control(
    id="CP-04",
    title="The control plane exports all five types of log",
    requirement="eks.logging.all_types",
    types=("AWS::EKS::Cluster",),
    severity=Severity.MEDIUM,
    why="What was not logged cannot be investigated: authenticator logs name who came in, audit logs what was done.",
    fix="Enable api, audit, authenticator, controllerManager and scheduler in Logging.ClusterLogging.EnabledTypes.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
)
def all_log_types(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    enabled = {str(e.get("Type")) for e in cluster.items(_PATH) if isinstance(e, dict)}
    missing = [name for name in _ALL if name not in enabled]
    if missing:
        yield Problem(f"not logged: {', '.join(missing)}", _PATH)
