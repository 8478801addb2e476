from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.log_types import CONTROL_PLANE
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-08",
    title="Control-plane log types are types that EKS supports",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS rejects the cluster with InvalidParameterException, or the logs are never exported.",
    fix="Use api, audit, authenticator, controllerManager and scheduler.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    enforced_by="Cluster",
)
def log_types_exist(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    types = resource.items("Logging.ClusterLogging.EnabledTypes")
    for index, entry in enumerate(types):
        name = entry.get("Type") if isinstance(entry, dict) else None
        path = f"Logging.ClusterLogging.EnabledTypes.{index}.Type"
        if isinstance(entry, str):
            yield Problem(f"{entry!r} is a string, but an object with a Type is needed", path.removesuffix(".Type"))
        if isinstance(name, str) and name not in CONTROL_PLANE:
            yield Problem(f"{name!r} is not a log type; EKS supports {', '.join(CONTROL_PLANE)}", path)
        if isinstance(name, str) and name in {
            e.get("Type") for e in types[:index] if isinstance(e, dict) and isinstance(e.get("Type"), str)
        }:
            yield Problem(f"{name!r} is listed twice", path)
