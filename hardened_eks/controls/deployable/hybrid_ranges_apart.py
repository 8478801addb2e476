from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from hardened_eks.controls._unseen import not_seen, value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_CONFIG = "RemoteNetworkConfig"
_SUBNETS = "ResourcesVpcConfig.SubnetIds"
_KINDS = ("RemoteNodeNetworks", "RemotePodNetworks")
_SERVICES = "KubernetesNetworkConfig.ServiceIpv4Cidr"
_Placed = tuple[str, IPv4Network]


@control(
    id="DP-95",
    title="Ranges of hybrid nodes and their pods overlap neither each other nor the cluster's ranges",
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects the cluster: an address that belongs both to a node in the data center and to a pod, service or "
        "subnet of the cluster cannot be routed."
    ),
    fix="Give the nodes and pods of the data center their own ranges, separate from the VPC and from ServiceIpv4Cidr.",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteNetworkConfigRequest.html",
    blind="VPCs that are not in the assembly, and the service range if EKS chooses it.",
    detective="No construct creates hybrid nodes.",
)
def hybrid_ranges_apart(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    remote = [
        placed
        for kind in _KINDS
        for network, _ in cluster.each(f"{_CONFIG}.{kind}")
        for path, value in cluster.each(f"{network}.Cidrs")
        for placed in _placed(path, value)
    ]
    for (_, one), (path, other) in combinations(remote, 2):
        if one.overlaps(other):
            yield Problem(f"{other} overlaps {one}, which is also a remote range", path)
    local = [(f"the service range {services}", services) for _, services in _placed("", cluster.get(_SERVICES))]
    if remote:
        local += _of_vpc(cluster, assembly)
        yield from _vpc_not_seen(cluster, assembly)
    for path, network in remote:
        yield from (Problem(f"{network} overlaps {what}", path) for what, here in local if network.overlaps(here))


def _vpc_not_seen(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield a problem if the ranges of the VPC are not seen, because its subnets or the VPC itself are not."""
    yield from not_seen(cluster, assembly, _SUBNETS, "AWS::EC2::Subnet")
    for subnet in assembly.targets(cluster.items(_SUBNETS), "AWS::EC2::Subnet", near=cluster):
        for problem in value_not_seen(subnet, assembly, _SUBNETS, subnet.get("VpcId"), "AWS::EC2::VPC"):
            yield problem
            return


def _of_vpc(cluster: Resource, assembly: Assembly) -> Iterator[_Placed]:
    subnets = assembly.targets(cluster.items(_SUBNETS), "AWS::EC2::Subnet", near=cluster)
    vpcs = {vpc for subnet in subnets for vpc in assembly.targets(subnet.get("VpcId"), "AWS::EC2::VPC", near=subnet)}
    for vpc in sorted(vpcs, key=lambda one: one.logical_id):
        for where in (vpc, *assembly.pointing("VpcId", vpc, "AWS::EC2::VPCCidrBlock")):
            for _, network in _placed("", where.get("CidrBlock")):
                yield f"{network} of the VPC {vpc.logical_id}", network


def _placed(path: str, value: object) -> Iterator[_Placed]:
    try:
        yield path, IPv4Network(value if isinstance(value, str) else "")
    except ValueError:
        return
