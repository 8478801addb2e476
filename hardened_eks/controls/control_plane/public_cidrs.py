from collections.abc import Iterator
from ipaddress import ip_network

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

_NARROW = 16  # a range shorter than /16 is no office


@control(
    id="CP-03",
    title="A public endpoint, where there is one, admits named private or office ranges only",
    requirement="eks.endpoint.public_cidrs_restricted",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why="A list that is left out means 0.0.0.0/0: credentials that leak are usable from anywhere.",
    fix="Turn the public endpoint off, or list the few ranges that operators come from in PublicAccessCidrs.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    blind="Whose ranges they are.",
)
def public_cidrs(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    if cluster.flag("ResourcesVpcConfig.EndpointPublicAccess", default=True) is False:
        return
    path = "ResourcesVpcConfig.PublicAccessCidrs"
    ranges = cluster.items(path)
    if not ranges:
        yield Problem("the public endpoint is open to 0.0.0.0/0 (PublicAccessCidrs is not set)", path)
    for index, block in enumerate(ranges):
        if _wide(block):
            yield Problem(f"the public endpoint is open to {block}", f"{path}.{index}")


def _wide(block: object) -> bool:
    try:
        return ip_network(str(block)).prefixlen < _NARROW
    except ValueError:
        return True  # not known before deployment, or no range at all
