from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data import endpoints
from hardened_eks.data.regions import lacks_endpoint, plausible
from hardened_eks.evidence import Assembly, Resource

_NAME = regex(
    r"(?:com|cn\.com)\.amazonaws\.(?!vpce\b|s3-global\b)(?P<region>\$\{[^}]+\}|[a-z0-9-]+)\.(?P<service>[a-z0-9.-]+)"
)


@control(
    id="DP-15",
    title="Interface and gateway endpoints use a service that exists",
    types=("AWS::EC2::VPCEndpoint",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EC2 returns InvalidServiceName, and the nodes that wait for the endpoint are never created.",
    fix=(
        "Correct the name. The format is com.amazonaws.REGION.SERVICE, with a service such as ecr.api, ecr.dkr, "
        "eks-auth or logs."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    blind=(
        "Which services a Region supports, except those of EKS, and which services have a FIPS endpoint. Templates "
        "without a Region. A name that is not similar to a known service counts as a newer service."
    ),
    enforced_by="Network",
)
def endpoint_service_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    name = str(resource.get("ServiceName", ""))
    match = _NAME.fullmatch(name)
    if name in endpoints.INTERFACE or name.startswith("com.amazon."):
        yield Problem(f"{name!r} is not a service name; it must begin with com.amazonaws.REGION", "ServiceName")
    if match is None:
        return  # a foreign service (com.amazonaws.vpce...), or a name that is generated at deployment
    region, service = match["region"], match["service"]
    if not region.startswith("$") and not plausible(region):
        yield Problem(f"the Region {region!r} does not exist", "ServiceName")
    if lacks_endpoint(service, region):
        yield Problem(f"{region} has no endpoint for {service!r}: reach the service in another way", "ServiceName")
    kind = resource.get("VpcEndpointType", "Gateway")
    if kind == "Interface" and not endpoints.exists(service):
        near = ", ".join(endpoints.misspelt(service))
        if near:
            yield Problem(f"there is no interface endpoint {service!r}; similar names: {near}", "ServiceName")
    if kind == "Gateway" and service not in ("s3", "dynamodb"):
        yield Problem(f"there is no gateway endpoint {service!r}; only s3 and dynamodb have one", "ServiceName")
