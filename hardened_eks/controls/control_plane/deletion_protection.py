from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-10",
    title="The cluster is protected against deletion",
    requirement="eks.deletion_protection",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why="One mistaken command or one stolen pipeline credential deletes the control plane with everything in it.",
    fix="Set DeletionProtection to true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
)
def deletion_protection(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    protected = cluster.flag("DeletionProtection", default=False)  # absent means off
    if protected is not True:
        yield Problem(f"deletion protection is off (DeletionProtection is {protected})", "DeletionProtection")
