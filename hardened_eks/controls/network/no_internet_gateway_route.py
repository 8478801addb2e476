from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import PUBLIC_SUBNETS, internet_route


@control(
    id="NW-04",
    title="No default route leads to an internet gateway",
    requirement="vpc.routes.no_unrestricted_igw",
    types=("AWS::EC2::Route",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "One such route makes a subnet public: each public address in it is reachable from the internet, and "
        "everything in it can send data out."
    ),
    fix=(
        "Keep the VPC isolated and reach AWS through endpoints. If you need a NAT gateway or a public load balancer, "
        "waive this control for that route and state the reason."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/no-unrestricted-route-to-igw.html",
    blind=(
        "Route tables outside the assembly. A gateway that is a template parameter counts as an internet gateway. The "
        "route of a NAT gateway's own subnet is a finding as well, as in AWS Config, the Guard registry and cdk-nag, "
        "because the decision should be recorded."
    ),
    enforced_by="Network",
)
def no_internet_gateway_route(route: Resource, assembly: Assembly) -> Iterator[Problem]:
    destination = internet_route(route, assembly)
    if destination:
        yield Problem(f"{destination} is routed to an internet gateway", "GatewayId", cause=PUBLIC_SUBNETS)
