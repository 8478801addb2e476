from collections.abc import Iterator
from ipaddress import ip_network

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set
from hardened_eks.evidence.views.ranges import PRIVATE


@control(
    id="DP-25",
    title="A cluster has at least one API endpoint, and its CIDR list applies to the public one",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects a cluster whose private and public endpoints are both off. A CIDR list has no effect while the "
        "public endpoint is off."
    ),
    fix="Set EndpointPrivateAccess to true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    enforced_by="Cluster",
)
def endpoint_access_somewhere(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    private = resource.flag("ResourcesVpcConfig.EndpointPrivateAccess", default=False)
    public = resource.flag("ResourcesVpcConfig.EndpointPublicAccess", default=True)
    if private is False and public is False:
        yield Problem("the private and the public endpoint are both off", "ResourcesVpcConfig.EndpointPrivateAccess")
    for index, block in enumerate(resource.items("ResourcesVpcConfig.PublicAccessCidrs")):
        if isinstance(block, str) and (wrong := _block_problem(block)):
            yield Problem(wrong, f"ResourcesVpcConfig.PublicAccessCidrs.{index}")
    ranges = resource.get("ResourcesVpcConfig.PublicAccessCidrs")
    if public is False and is_set(ranges) and ranges != []:
        yield Problem("a CIDR list is set, but the public endpoint is off", "ResourcesVpcConfig.PublicAccessCidrs")


def _block_problem(block: str) -> str:
    try:
        network = ip_network(block, strict=False)
    except ValueError:
        return f"{block!r} is not a CIDR block"
    if "/" not in block:
        return f"{block!r} is not a CIDR block; write {network}"
    private = network.version == 4 and any(network.subnet_of(outer) for outer in PRIVATE)
    return f"{block} is a private range, which EKS rejects for the public endpoint" if private else ""
