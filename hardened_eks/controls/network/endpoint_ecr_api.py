from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import NO_ENDPOINTS, VPC, missing_endpoints


@control(
    id="NW-08",
    title="A cluster's VPC has an endpoint for the ECR API",
    requirement="vpc.endpoint.ecr_api",
    types=(VPC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Without it, nodes request registry tokens over the internet, or, in an isolated VPC, cannot pull images at "
        "all."
    ),
    fix="Add an interface endpoint for com.amazonaws.REGION.ecr.api with private DNS (hardened_eks.Network does).",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    blind=(
        "VPCs that contain no cluster of the assembly, VPCs outside the assembly, and endpoints shared from a central "
        "VPC."
    ),
    enforced_by="Network",
)
def endpoint_ecr_api(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from (Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, "ecr.api"))
