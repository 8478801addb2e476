from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen, policies_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.auto_mode import CLUSTER
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.iam import attached_statements, trust
from hardened_eks.evidence.views.launch import policies_of

_PARTS = ("ComputeConfig", "StorageConfig.BlockStorage", "KubernetesNetworkConfig.ElasticLoadBalancing")


@control(
    id="DP-45",
    title="Auto Mode is either fully enabled or fully disabled",
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS rejects the cluster: "For EKS Auto Mode, please ensure that all required configs, including '
        'computeConfig, kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled." '
        "Without its managed policies, the cluster role cannot start nodes or create volumes and load balancers."
    ),
    fix=(
        "Set Enabled to the same value in ComputeConfig, StorageConfig.BlockStorage and "
        "KubernetesNetworkConfig.ElasticLoadBalancing. With Auto Mode, also use the authentication mode API, no "
        "self-managed add-ons, sts:TagSession in the trust policy of the cluster role, and its five managed policies: "
        "AmazonEKSClusterPolicy and those for compute, block storage, load balancing and networking."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/automode-get-started-cli.html",
    enforced_by="Cluster",
)
def auto_mode_whole(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    states = {part: resource.flag(f"{part}.Enabled", default=False) for part in _PARTS}
    on = [part for part, state in states.items() if state is True]
    if not on:
        return
    for part, state in states.items():
        if state is False:
            yield Problem(f"{part}.Enabled is not true, but {on[0]}.Enabled is", part)
    mode = resource.get("AccessConfig.AuthenticationMode", "CONFIG_MAP")
    if mode == "CONFIG_MAP":
        yield Problem("Auto Mode needs access entries, but AuthenticationMode is CONFIG_MAP", "AccessConfig")
    # Left out, it is false in Auto Mode: the user guide's create-cluster and the CDK's aws_eks_v2 leave it out.
    if resource.flag("BootstrapSelfManagedAddons", default=False) is True:
        yield Problem(
            "Auto Mode cannot be combined with self-managed add-ons, which are on", "BootstrapSelfManagedAddons"
        )
    pools, node_role = resource.items("ComputeConfig.NodePools"), resource.get("ComputeConfig.NodeRoleArn")
    if pools and node_role is None and not isinstance(pools[0], Unknown):
        yield Problem("node pools need a NodeRoleArn", "ComputeConfig.NodePools")
    elif not pools and node_role is not None:
        yield Problem("NodeRoleArn needs node pools", "ComputeConfig.NodeRoleArn")
    yield from _role(resource, assembly)


def _role(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    role = assembly.target(cluster.get("RoleArn"), "AWS::IAM::Role", near=cluster)
    if role is None:
        yield from not_seen(cluster, assembly, "RoleArn", "AWS::IAM::Role")
        return
    if not any(s.allows and s.does("sts:TagSession") for _, s in trust(role)):
        yield Problem(
            f"the trust policy of {role.logical_id} does not allow sts:TagSession, which Auto Mode needs", "RoleArn"
        )
    hidden = list(policies_not_seen(role, assembly, "RoleArn"))
    yield from hidden
    missing = [] if hidden else _missing(role, assembly)
    if missing:
        yield Problem(f"the role {role.logical_id} has no {', '.join(missing)}, which Auto Mode needs", "RoleArn")


def _missing(role: Resource, assembly: Assembly) -> list[str]:
    """Return the names of the AWS managed policies that a role lacks."""
    names = {name for name, _, _ in policies_of(role)}
    own = [statement for _, _, statement in attached_statements(role, assembly) if statement.allows]
    return [name for name, action in CLUSTER.items() if name not in names and not any(s.does(action) for s in own)]
