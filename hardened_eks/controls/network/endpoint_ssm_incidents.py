from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import NO_ENDPOINTS, VPC, missing_endpoints


@control(
    id="NW-14",
    title="A cluster's VPC has an endpoint for Incident Manager if it is used",
    requirement="vpc.endpoint.ssm_incidents",
    types=(VPC,),
    needs="assembly",
    severity=Severity.LOW,
    why="Without it, incidents are opened and updated over the internet. From an isolated VPC, that fails.",
    fix=(
        "Add an interface endpoint for com.amazonaws.REGION.ssm-incidents with private DNS: "
        "Network(endpoints=['ssm-incidents'])."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-60",
    blind=(
        "Evaluated only if the assembly has AWS::SSMIncidents resources. Security Hub EC2.60 requires it in every "
        "VPC, used or not: disable that control, or add the endpoint."
    ),
    detective=(
        "An endpoint costs money in every zone, so the construct creates endpoints only for services that the "
        "cluster uses."
    ),
)
def endpoint_ssm_incidents(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    if any(type_.startswith("AWS::SSMIncidents::") for type_ in assembly.types):
        yield from (
            Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, "ssm-incidents")
        )
