from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"


@control(
    id="NW-26",
    title="Load balancers are internal",
    requirement="elb.internal",
    types=("AWS::ElasticLoadBalancingV2::LoadBalancer", _CLASSIC),
    needs="resource",
    severity=Severity.MEDIUM,
    why="A load balancer faces the internet unless its scheme is internal, and lets clients from there into the VPC.",
    fix=(
        "Set Scheme to internal. If a service is meant for the internet, waive this control for that load balancer "
        "and state the reason."
    ),
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
    blind="Load balancers that a controller in the cluster creates.",
    detective="No construct creates load balancers: the controller in the cluster does.",
)
def load_balancers_internal(balancer: Resource, assembly: Assembly) -> Iterator[Problem]:
    if balancer.get("Type") == "gateway":  # forwards packets to appliances; it has no scheme
        return
    scheme = balancer.get("Scheme", "internet-facing")
    if scheme != "internal":
        yield Problem(f"it faces the internet (Scheme is {scheme})", "Scheme")
