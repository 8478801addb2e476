from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set
from hardened_eks.evidence.views.vpc import SUBNET, subnets_of

_RANGES = ("Ipv6CidrBlock", "Ipv6NetmaskLength", "Ipv6IpamPoolId", "Ipv6Native")


@control(
    id="DP-46",
    title="An IPv6 cluster has IPv6 subnets",
    types=("AWS::EKS::Cluster",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS returns InvalidParameterException if a subnet has no IPv6 range or if an IPv4 service range is set. The "
        "IP family cannot be changed later."
    ),
    fix="Give each subnet an Ipv6CidrBlock, and omit ServiceIpv4Cidr: EKS chooses the IPv6 range.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html",
    blind="The IPv6 permissions of the VPC CNI.",
    enforced_by="Cluster",
)
def ipv6_ready(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.get("KubernetesNetworkConfig.IpFamily") != "ipv6":
        return
    if is_set(resource.get("KubernetesNetworkConfig.ServiceIpv4Cidr")):
        message = "an IPv6 cluster cannot have an IPv4 service range"
        yield Problem(message, "KubernetesNetworkConfig.ServiceIpv4Cidr")
    yield from not_seen(resource, assembly, "ResourcesVpcConfig.SubnetIds", SUBNET)
    for subnet in subnets_of(resource, assembly):
        blocks = assembly.pointing("SubnetId", subnet, "AWS::EC2::SubnetCidrBlock")
        if not blocks and all(subnet.get(name) is None for name in _RANGES):
            yield Problem(f"the subnet {subnet.logical_id} has no IPv6 range", "ResourcesVpcConfig.SubnetIds")
