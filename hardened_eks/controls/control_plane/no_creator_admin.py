from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-12",
    title="Whoever creates the cluster does not stay its administrator",
    requirement="eks.auth.no_creator_admin",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why=(
        "The creator is an administrator that no access entry shows by intent: usually a pipeline role that "
        "many can reach."
    ),
    fix="Set AccessConfig.BootstrapClusterCreatorAdminPermissions to false at creation; it cannot be changed later.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
)
def no_creator_admin(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "AccessConfig.BootstrapClusterCreatorAdminPermissions"
    admin = cluster.flag(path, default=True)  # absent means admin
    if admin is not False:
        yield Problem(f"the creator becomes cluster administrator ({path.rsplit('.', 1)[1]} is {admin})", path)
