from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-10",
    title="The cluster is protected from deletion",
    requirement="eks.deletion_protection",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "One mistaken destroy, one replaced property or one stolen role removes the control plane and everything on it."
    ),
    fix=(
        "Set DeletionProtection to true. To delete the cluster, turn the protection off in a separate deployment first."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
    blind="Deletion of workloads on the cluster, and of its VPC.",
    enforced_by="Cluster",
)
def deletion_protection(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    protected = cluster.flag("DeletionProtection", default=False)  # absent means off
    if protected is not True:
        yield Problem(f"deletion protection is off (DeletionProtection is {protected})", "DeletionProtection")
