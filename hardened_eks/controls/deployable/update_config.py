from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set


@control(
    id="DP-30",
    title="A node group sets its update limit as a number or as a percentage, not both",
    types=("AWS::EKS::Nodegroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why="EKS rejects the node group.",
    fix="Keep one of MaxUnavailable (1 to 100) and MaxUnavailablePercentage (1 to 100).",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html",
    enforced_by="NodeGroup",
)
def update_config(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    values = {name: resource.number(f"UpdateConfig.{name}") for name in ("MaxUnavailable", "MaxUnavailablePercentage")}
    if all(map(is_set, values.values())):
        yield Problem("MaxUnavailable and MaxUnavailablePercentage are both set", "UpdateConfig")
    for name, value in values.items():
        if isinstance(value, int) and not 1 <= value <= 100:
            yield Problem(f"{name} is {value}; EKS accepts 1 to 100", f"UpdateConfig.{name}")
