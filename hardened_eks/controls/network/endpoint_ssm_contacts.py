from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import NO_ENDPOINTS, VPC, missing_endpoints


@control(
    id="NW-13",
    title="A cluster's VPC has an endpoint for Incident Manager contacts if they are used",
    requirement="vpc.endpoint.ssm_contacts",
    types=(VPC,),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "Without it, on-call contacts are looked up over the internet. From an isolated VPC, the lookup fails and "
        "nobody is paged."
    ),
    fix=(
        "Add an interface endpoint for com.amazonaws.REGION.ssm-contacts with private DNS: "
        "Network(endpoints=['ssm-contacts'])."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-58",
    blind=(
        "Evaluated only if the assembly has AWS::SSMContacts resources. Security Hub EC2.58 requires it in every VPC, "
        "used or not: disable that control, or add the endpoint."
    ),
    detective=(
        "An endpoint costs money in every zone, so the construct creates endpoints only for services that the "
        "cluster uses."
    ),
)
def endpoint_ssm_contacts(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    if any(type_.startswith("AWS::SSMContacts::") for type_ in assembly.types):
        yield from (
            Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, "ssm-contacts")
        )
