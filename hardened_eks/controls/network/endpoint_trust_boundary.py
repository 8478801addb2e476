from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.endpoint_policies import CARRIES, DEFAULT_POLICY, Perimeter, Side, service_of
from hardened_eks.evidence.views.resource_policies import may_be_anybody
from hardened_eks.evidence.views.vpc import ENDPOINT

_SERVICE: Final = "AWS::EC2::VPCEndpointService"
_PERMISSIONS: Final = "AWS::EC2::VPCEndpointServicePermissions"


@control(
    id="NW-16",
    title="Endpoints and endpoint services admit only known principals",
    requirement="vpc.endpoint.trust_boundary",
    types=(ENDPOINT, _SERVICE, _PERMISSIONS),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "With the default policy, an endpoint transfers data to any bucket or account, with any credentials. If the "
        "policy names only your principals, it still transfers data to buckets that somebody else opened to them."
    ),
    fix=(
        "Write a PolicyDocument that names both sides: aws:PrincipalAccount or aws:PrincipalOrgID, and "
        "aws:ResourceAccount, aws:ResourceOrgID or the resources. Leave AcceptanceRequired on, and list accounts in "
        "AllowedPrincipals."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    blind=(
        "Endpoints for services of other vendors, which accept no policy. The resource side is evaluated only for "
        "services that can send data to another account (S3, DynamoDB, SQS, SNS, Kinesis, Lambda, EventBridge, Step "
        "Functions, API Gateway, Secrets Manager, STS). Reading from named buckets passes. If neither the environment "
        "nor AWS::AccountId shows which account or organization is the own one, the only one in the policy counts as "
        "the own one."
    ),
    enforced_by="Network",
)
def endpoint_trust_boundary(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _SERVICE:
        required = resource.flag("AcceptanceRequired", default=True)  # if absent, connections are accepted manually
        if required is not True:
            yield Problem(
                f"connections of every allowed principal are accepted automatically ({required})", "AcceptanceRequired"
            )
    elif resource.type == _PERMISSIONS:
        for index, principal in enumerate(resource.items("AllowedPrincipals")):
            if may_be_anybody(str(principal)):
                yield Problem(f"{principal} may find and connect to the service", f"AllowedPrincipals.{index}")
    elif ".vpce." not in f"{resource.get('ServiceName', '')}.":
        yield from _policy(resource, assembly)


def _policy(endpoint: Resource, assembly: Assembly) -> Iterator[Problem]:
    document = endpoint.get("PolicyDocument")
    if document is None:
        message = "no policy is set, so everybody may call every action through it"
        yield Problem(message, "PolicyDocument", cause=DEFAULT_POLICY)
    statements = policies.of(endpoint, "PolicyDocument")
    perimeter = Perimeter(endpoint, statements, assembly)
    for statement in statements:
        path = statement.at("PolicyDocument")
        if statement.unknown:
            yield Problem("the policy is known only at deployment", path)
        elif statement.allows:
            message = _way_out(statement, perimeter, service_of(endpoint))
            if message:
                yield Problem(message, path)


def _way_out(statement: Statement, perimeter: Perimeter, service: str) -> str:
    resources = perimeter.resources(statement)
    if resources is Side.OURS:
        return ""
    carrying = [action for action in CARRIES.get(service, ()) if statement.does(action)]
    if perimeter.principals(statement) is not Side.OURS:
        if resources is Side.ANY:
            return "everybody may use it for every resource"
        return f"everybody may use it for {carrying[0]} on a resource that is not known to be yours" if carrying else ""
    if not carrying or service.startswith("ecr."):  # IM-09 evaluates pushes
        return ""
    whose = "anybody's resources" if resources is Side.ANY else "a resource that is not known to be yours"
    return f"your principals may use it for {carrying[0]} on {whose}"
