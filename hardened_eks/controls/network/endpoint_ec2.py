from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import NO_ENDPOINTS, VPC, missing_endpoints


@control(
    id="NW-11",
    title="A cluster's VPC has an endpoint for the EC2 API",
    requirement="vpc.endpoint.ec2",
    types=(VPC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "The VPC CNI and the EBS CSI driver call EC2 for every pod network and volume. Over the internet, these calls "
        "need a route out of the VPC, and fail if it is lost."
    ),
    fix="Add an interface endpoint for com.amazonaws.REGION.ec2 with private DNS (hardened_eks.Network does).",
    source="https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html",
    blind=(
        "VPCs that contain no cluster of the assembly, VPCs outside the assembly, and endpoints shared from a central "
        "VPC."
    ),
    enforced_by="Network",
)
def endpoint_ec2(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from (Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, "ec2"))
