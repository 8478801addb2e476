from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-40",
    title="An IPv6 cluster has subnets with IPv6 ranges",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS refuses the cluster, since each subnet needs an IPv6 range; and the family cannot be changed later.",
    fix=(
        "Give the VPC and each subnet an IPv6 range, or leave KubernetesNetworkConfig.IpFamily out: "
        "hardened_eks.Network makes IPv4 subnets only."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    blind="Subnets that are not in the assembly, and a family that is known only at deployment.",
    enforced_by="Cluster",
)
def ipv6_subnets(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    family = cluster.get("KubernetesNetworkConfig.IpFamily", "ipv4")  # what EKS takes where nothing is written
    if family != "ipv6":
        return
    for path, value in cluster.each("ResourcesVpcConfig.SubnetIds"):
        subnet = assembly.target(value, "AWS::EC2::Subnet", near=cluster)
        if subnet is not None and not _has_ipv6(subnet, assembly):
            yield Problem(f"{subnet.logical_id} has no IPv6 range, which a cluster of the family ipv6 needs", path)


def _has_ipv6(subnet: Resource, assembly: Assembly) -> bool:
    written = ("Ipv6CidrBlock", "Ipv6IpamPoolId", "Ipv6NetmaskLength")
    return any(subnet.get(path) is not None for path in written) or bool(
        assembly.pointing("SubnetId", subnet, "AWS::EC2::SubnetCidrBlock")
    )
