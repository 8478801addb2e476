from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-01",
    title="The Kubernetes API endpoint is not reachable from the internet",
    requirement="eks.endpoint.private_only",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "A public endpoint lets anybody on the internet try stolen credentials or exploit an unpatched vulnerability "
        "in the API server."
    ),
    fix="Set ResourcesVpcConfig.EndpointPublicAccess to false and EndpointPrivateAccess to true.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    enforced_by="Cluster",
)
def private_endpoint(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "ResourcesVpcConfig.EndpointPublicAccess"
    public = cluster.flag(path, default=True)  # absent means public
    if public is not False:
        yield Problem(f"the public endpoint is on (EndpointPublicAccess is {public})", path)
