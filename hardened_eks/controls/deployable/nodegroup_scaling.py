import itertools
from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control


@control(
    id="DP-04",
    title="A node group scales with 0 <= min <= desired <= max and max >= 1",
    types=("AWS::EKS::Nodegroup",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS refuses the node group with InvalidParameterException.",
    fix="Order the three sizes.",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html",
    blind="Sizes that are parameters without a default.",
)
def nodegroup_scaling(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    sizes = {name: resource.number(f"ScalingConfig.{name}") for name in ("MinSize", "DesiredSize", "MaxSize")}
    known = [(name, size) for name, size in sizes.items() if isinstance(size, int) and not isinstance(size, bool)]
    for (low, small), (high, large) in itertools.pairwise(known):
        if small > large:
            yield Problem(f"{low} {small} is greater than {high} {large}", f"ScalingConfig.{low}")
    for name, size in known:
        if size < (1 if name == "MaxSize" else 0):
            yield Problem(f"{name} is {size}", f"ScalingConfig.{name}")
