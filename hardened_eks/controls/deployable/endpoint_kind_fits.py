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
    title="A VPC endpoint has the properties of its type, and its service supports that type",
    types=(ENDPOINT,),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 returns InvalidParameter: private DNS, subnets and security groups belong to interface endpoints, and "
        "route tables to gateway endpoints. If the type is omitted, it is Gateway, which only S3 and DynamoDB support."
    ),
    fix="Set VpcEndpointType to Interface with subnets and security groups, or to Gateway with route tables.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
    enforced_by="Network",
)
def endpoint_kind_fits(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = resource.get("VpcEndpointType", "Gateway")
    if not isinstance(kind, str) or kind not in _OTHERS:
        return
    said = "" if resource.get("VpcEndpointType") else ", the default type,"
    for name in _OTHERS[kind]:
        value = resource.flag(name) if name == "PrivateDnsEnabled" else resource.get(name)
        if isinstance(value, bool | list | dict) and value:
            yield Problem(f"a {kind} endpoint{said} cannot have {name}", name)
    service = service_of(resource)
    if kind == "Gateway" and service is not None and "$" not in service and service not in (*_GATEWAYS, "s3express"):
        yield Problem(f"{service} has no Gateway endpoint{said} but has an Interface endpoint", "VpcEndpointType")
