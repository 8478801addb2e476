from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control


@control(
    id="DP-25",
    title="A cluster has an endpoint, and its CIDR list fits the endpoint",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS refuses a cluster whose private and public endpoint are both off; a CIDR list is ignored while "
        "the public endpoint is off."
    ),
    fix="Set EndpointPrivateAccess to true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
)
def endpoint_access_somewhere(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    private = resource.flag("ResourcesVpcConfig.EndpointPrivateAccess", default=False)
    public = resource.flag("ResourcesVpcConfig.EndpointPublicAccess", default=True)
    if private is False and public is False:
        yield Problem("private and public endpoint are both off", "ResourcesVpcConfig.EndpointPrivateAccess")
    if public is False and resource.items("ResourcesVpcConfig.PublicAccessCidrs"):
        yield Problem("a CIDR list is given, but the public endpoint is off", "ResourcesVpcConfig.PublicAccessCidrs")
