from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import ENDPOINT, service_of

_GATEWAYS = ("s3", "dynamodb")
_OTHERS = {
    "Gateway": ("SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled"),
    "Interface": ("RouteTableIds",),
    "GatewayLoadBalancer": ("RouteTableIds", "SecurityGroupIds", "PrivateDnsEnabled"),
}


@control(
    id="DP-55",
    title="An endpoint has the properties of its type, and the type of its service",
    types=(ENDPOINT,),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 answers InvalidParameter: private DNS, subnets and security groups belong to interface endpoints, "
        "route tables to gateway endpoints; the kind that is left out is Gateway, which S3 and DynamoDB have."
    ),
    fix="Set VpcEndpointType: Interface with subnets and groups, or Gateway with route tables.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
    enforced_by="Network",
)
def endpoint_kind_fits(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = resource.get("VpcEndpointType", "Gateway")
    if not isinstance(kind, str) or kind not in _OTHERS:
        return
    said = "" if resource.get("VpcEndpointType") else ", the kind where none is written,"
    for name in _OTHERS[kind]:
        value = resource.flag(name) if name == "PrivateDnsEnabled" else resource.get(name)
        if isinstance(value, bool | list | dict) and value:
            yield Problem(f"a {kind} endpoint{said} takes no {name}", name)
    service = service_of(resource)
    if kind == "Gateway" and service is not None and "$" not in service and service not in (*_GATEWAYS, "s3express"):
        yield Problem(f"{service} has no Gateway endpoint{said} but an Interface one", "VpcEndpointType")
