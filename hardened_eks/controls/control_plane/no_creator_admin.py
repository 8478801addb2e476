from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-12",
    title="The principal that creates the cluster is not its administrator",
    requirement="eks.auth.no_creator_admin",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Otherwise the deployment role remains a cluster administrator, without an access entry in the templates that "
        "anybody would review."
    ),
    fix=(
        "Set AccessConfig.BootstrapClusterCreatorAdminPermissions to false at creation, and create an access entry "
        "for a break-glass role. Changing the property replaces the cluster: on an existing cluster, delete the "
        "access entry of the creator instead."
    ),
    source=(
        "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html#_iam_recommendations"
    ),
    blind="Access entries created outside the assembly.",
    enforced_by="Cluster",
)
def no_creator_admin(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "AccessConfig.BootstrapClusterCreatorAdminPermissions"
    admin = cluster.flag(path, default=True)  # if absent, the creator is an administrator
    if admin is not False:
        yield Problem(
            f"the creator becomes a cluster administrator (BootstrapClusterCreatorAdminPermissions is {admin})", path
        )
