from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import NO_ENDPOINTS, VPC, missing_endpoints


@control(
    id="NW-10",
    title="A cluster's VPC has the endpoints for Systems Manager",
    requirement="vpc.endpoint.ssm",
    types=(VPC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Session Manager reaches a node without SSH. Without its endpoints, somebody will open a port or a route "
        "instead."
    ),
    fix="Add interface endpoints for ssm and ssmmessages with private DNS (hardened_eks.Network does).",
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html",
    blind=(
        "VPCs that contain no cluster of the assembly, VPCs outside the assembly, and endpoints shared from a central "
        "VPC. Security Hub EC2.57 requires only ssm, but sessions also need ssmmessages."
    ),
    enforced_by="Network",
)
def endpoint_ssm(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from (
        Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, "ssm", "ssmmessages")
    )
