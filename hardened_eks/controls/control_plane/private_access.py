from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-02",
    title="The Kubernetes API is reachable inside the VPC",
    requirement="eks.endpoint.private_enabled",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Without a private endpoint, nodes and pods call the API over the internet, and the public endpoint can "
        "never be closed."
    ),
    fix="Set ResourcesVpcConfig.EndpointPrivateAccess to true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    blind=(
        "Whether DNS host names and DNS support, which the private endpoint name needs, are enabled in a VPC outside "
        "the assembly."
    ),
    enforced_by="Cluster",
)
def private_access(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "ResourcesVpcConfig.EndpointPrivateAccess"
    private = cluster.flag(path, default=False)  # absent means off
    if private is not True:
        yield Problem(f"the private endpoint is off (EndpointPrivateAccess is {private})", path)
