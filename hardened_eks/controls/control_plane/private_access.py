from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-02",
    title="The Kubernetes API has an endpoint inside the VPC",
    requirement="eks.endpoint.private_enabled",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why=(
        "Without it every kubelet and operator reaches the API over the internet, and the public endpoint "
        "cannot be closed."
    ),
    fix="Set ResourcesVpcConfig.EndpointPrivateAccess to true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
)
def private_access(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "ResourcesVpcConfig.EndpointPrivateAccess"
    private = cluster.flag(path, default=False)  # absent means off
    if private is not True:
        yield Problem(f"the private endpoint is off (EndpointPrivateAccess is {private})", path)
