from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.iam import trust

_PARTS = ("ComputeConfig", "StorageConfig.BlockStorage", "KubernetesNetworkConfig.ElasticLoadBalancing")


@control(
    id="DP-45",
    title="Auto Mode is on as a whole, or off",
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS refuses the cluster: For EKS Auto Mode, please ensure that all required configs, including computeConfig, "
        "kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled."
    ),
    fix=(
        "Set Enabled in ComputeConfig, StorageConfig.BlockStorage and KubernetesNetworkConfig.ElasticLoadBalancing "
        "alike; with Auto Mode, authentication by API, no self-managed add-ons, and sts:TagSession in the trust of the "
        "cluster's role."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/automode-get-started-cli.html",
    blind="Cluster roles that are not in the assembly.",
    detective="Cluster makes no cluster with Auto Mode.",
)
def auto_mode_whole(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    states = {part: resource.flag(f"{part}.Enabled", default=False) for part in _PARTS}
    on = [part for part, state in states.items() if state is True]
    if not on:
        return
    for part, state in states.items():
        if state is False:
            yield Problem(f"{part}.Enabled is not true, and that of {on[0]} is", part)
    mode = resource.get("AccessConfig.AuthenticationMode", "CONFIG_MAP")
    if mode == "CONFIG_MAP":
        yield Problem("Auto Mode needs access entries, and AuthenticationMode is CONFIG_MAP", "AccessConfig")
    if resource.flag("BootstrapSelfManagedAddons", default=True) is True:
        yield Problem("Auto Mode goes without self-managed add-ons, which are on", "BootstrapSelfManagedAddons")
    pools, node_role = resource.items("ComputeConfig.NodePools"), resource.get("ComputeConfig.NodeRoleArn")
    if pools and node_role is None and not isinstance(pools[0], Unknown):
        yield Problem("node pools need a NodeRoleArn", "ComputeConfig.NodePools")
    elif not pools and node_role is not None:
        yield Problem("NodeRoleArn needs node pools", "ComputeConfig.NodeRoleArn")
    role = assembly.target(resource.get("RoleArn"), "AWS::IAM::Role", near=resource)
    if role is not None and not any(s.allows and s.does("sts:TagSession") for _, s in trust(role)):
        yield Problem(f"the trust of {role.logical_id} has no sts:TagSession, which Auto Mode needs", "RoleArn")
