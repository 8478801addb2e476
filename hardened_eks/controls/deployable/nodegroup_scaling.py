import itertools
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-04",
    title="Node groups and Auto Scaling groups have sizes with 0 <= min <= desired <= max and max >= 1",
    types=("AWS::EKS::Nodegroup", "AWS::AutoScaling::AutoScalingGroup"),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects the node group with InvalidParameterException, and EC2 Auto Scaling rejects the group with "
        "ValidationError."
    ),
    fix="Set the three sizes so that min <= desired <= max.",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html",
    blind="Sizes that are parameters without a default.",
    enforced_by="NodeGroup",
)
def nodegroup_scaling(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    managed = resource.type == "AWS::EKS::Nodegroup"
    prefix, desired, least = ("ScalingConfig.", "DesiredSize", 1) if managed else ("", "DesiredCapacity", 0)
    sizes = {name: resource.number(prefix + name) for name in ("MinSize", desired, "MaxSize")}
    known = [(name, size) for name, size in sizes.items() if isinstance(size, int) and not isinstance(size, bool)]
    for (low, small), (high, large) in itertools.pairwise(known):
        if small > large:
            yield Problem(f"{low} {small} is greater than {high} {large}", f"{prefix}{low}")
    for name, size in known:
        if size < (least if name == "MaxSize" else 0):
            yield Problem(f"{name} is {size}", f"{prefix}{name}")
    for name, size in sizes.items():
        if isinstance(size, str | float):
            yield Problem(f"{name} is {size!r}, but a whole number is needed", f"{prefix}{name}")
