from collections.abc import Iterator
from ipaddress import IPv4Network

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.ranges import PRIVATE


@control(
    id="DP-27",
    title="The service range is private and between /12 and /24",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS rejects the cluster. The range cannot be changed later.",
    fix="Choose a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 with a prefix from /12 to /24.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    enforced_by="Cluster",
)
def service_cidr_valid(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "KubernetesNetworkConfig.ServiceIpv4Cidr"
    value = resource.get(path)
    if not isinstance(value, str):
        return
    try:
        network = IPv4Network(value)
    except ValueError as error:
        yield Problem(f"{value!r} is not a CIDR block: {error}", path)
        return
    if not 12 <= network.prefixlen <= 24:
        yield Problem(f"{value} has the prefix /{network.prefixlen}; EKS accepts /12 to /24", path)
    if not any(network.subnet_of(outer) for outer in PRIVATE):
        yield Problem(f"{value} is not a private range", path)
    if resource.get("KubernetesNetworkConfig.IpFamily") == "ipv6":
        yield Problem("an IPv4 service range is set for an IPv6 cluster", path)
