from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import ENDPOINT, VPC


@control(
    id="DP-56",
    title="A VPC has one endpoint for each service",
    types=(ENDPOINT,),
    needs="stack",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EC2 rejects the second interface endpoint ("private-dns-enabled cannot be set because there is already a '
        'conflicting DNS domain in the VPC"), and a second gateway endpoint with RouteAlreadyExists.'
    ),
    fix="Put the subnets, or the route tables, of both into one endpoint.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    blind="VPCs and endpoints that are not in the assembly.",
    enforced_by="Network",
)
def endpoints_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    first = assembly.once("deployable.endpoints", lambda: _repeats(assembly)).get(resource)
    if first is not None:
        path = "RouteTableIds" if _is_gateway(resource) else "PrivateDnsEnabled"
        yield Problem(f"{first.logical_id} is already an endpoint for the same service", path)


def _repeats(assembly: Assembly) -> dict[Resource, Resource]:
    """Return the earlier endpoint for each endpoint that conflicts with one."""
    firsts: dict[tuple[object, ...], Resource] = {}
    repeats: dict[Resource, Resource] = {}
    for endpoint in sorted(assembly.of(ENDPOINT), key=lambda one: one.id):
        if "Condition" in endpoint.body:
            continue
        vpc = assembly.target(endpoint.get("VpcId"), VPC, near=endpoint)
        service = str(endpoint.get("ServiceName"))
        for key in _keys(endpoint, assembly):
            first = firsts.setdefault((vpc or str(endpoint.get("VpcId")), service, key), endpoint)
            if first is not endpoint:
                repeats.setdefault(endpoint, first)
    return repeats


def _keys(endpoint: Resource, assembly: Assembly) -> Iterator[object]:
    """Yield the keys that two endpoints of a service cannot share: the private name, or a route table."""
    if _is_gateway(endpoint):
        for value in endpoint.items("RouteTableIds"):
            yield assembly.target(value, "AWS::EC2::RouteTable", near=endpoint) or str(value)
    elif endpoint.flag("PrivateDnsEnabled", default=False) is True:
        yield "private DNS"


def _is_gateway(endpoint: Resource) -> bool:
    return bool(endpoint.get("VpcEndpointType", "Gateway") == "Gateway")
