from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import CLUSTER, ENDPOINT, VPC, clusters_in

_DEFAULTS = {"EnableDnsSupport": True, "EnableDnsHostnames": False}


@control(
    id="DP-52",
    title="A VPC with private endpoints has DNS support and DNS host names",
    types=(VPC,),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EC2 rejects the endpoint ("Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC '
        'attributes set to true"), and nodes cannot resolve a private API endpoint.'
    ),
    fix="Set EnableDnsSupport and EnableDnsHostnames to true. By default, EC2 turns host names off.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    blind="Endpoints and clusters of VPCs that are not in the assembly.",
    enforced_by="Network",
)
def vpc_dns_on(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    off = [name for name, default in _DEFAULTS.items() if resource.flag(name, default=default) is False]
    user = next(_users(resource, assembly), None) if off else None
    if user is not None:
        for name in off:
            yield Problem(f"{name} is off, but {user.logical_id} needs it", name)


def _users(vpc: Resource, assembly: Assembly) -> Iterator[Resource]:
    for endpoint in assembly.pointing("VpcId", vpc, ENDPOINT):
        if endpoint.flag("PrivateDnsEnabled", default=False) is True and endpoint.get("VpcEndpointType") == "Interface":
            yield endpoint
    for cluster in clusters_in(vpc, assembly):
        path = "ResourcesVpcConfig.EndpointPrivateAccess"
        if cluster.type == CLUSTER and cluster.flag(path, default=False) is True:
            yield cluster
