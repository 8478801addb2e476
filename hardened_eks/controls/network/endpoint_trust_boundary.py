from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.resource_policies import may_be_anybody, open_to_anybody
from hardened_eks.evidence.views.vpc import ENDPOINT

_SERVICE: Final = "AWS::EC2::VPCEndpointService"
_PERMISSIONS: Final = "AWS::EC2::VPCEndpointServicePermissions"


@control(
    id="NW-16",
    title="Endpoints and endpoint services trust known principals only",
    requirement="vpc.endpoint.trust_boundary",
    types=(ENDPOINT, _SERVICE, _PERMISSIONS),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "With the default policy an endpoint carries data to anybody's bucket or account with anybody's credentials: "
        "a way out of an isolated network."
    ),
    fix=(
        "Write a PolicyDocument that names aws:PrincipalAccount, aws:PrincipalOrgID or the resources; leave "
        "AcceptanceRequired on; name accounts in AllowedPrincipals."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    blind=(
        "Endpoints of other vendors' services, which take no policy. A statement for everybody passes when it is "
        "limited to named resources, as sts:AssumeRoleWithWebIdentity on this account's roles or the buckets of ECR "
        "have to be."
    ),
    enforced_by="Network",
)
def endpoint_trust_boundary(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _SERVICE:
        required = resource.flag("AcceptanceRequired", default=True)  # absent means accepted by hand
        if required is not True:
            yield Problem(f"whoever it is shared with connects by itself ({required})", "AcceptanceRequired")
    elif resource.type == _PERMISSIONS:
        for index, principal in enumerate(resource.items("AllowedPrincipals")):
            if may_be_anybody(str(principal)):
                yield Problem(f"{principal} may find and connect to the service", f"AllowedPrincipals.{index}")
    elif ".vpce." not in f"{resource.get('ServiceName', '')}.":
        yield from _policy(resource)


def _policy(endpoint: Resource) -> Iterator[Problem]:
    document = endpoint.get("PolicyDocument")
    if document is None:
        yield Problem("no policy is written, so everybody may call everything through it", "PolicyDocument")
    for statement in policies.statements(document):
        anything = not statement.resources or any(value.strip("*") == "" for value in statement.resources)
        if statement.unknown:
            yield Problem("the policy is known only at deployment", statement.at("PolicyDocument"))
        elif open_to_anybody(statement) and anything and not statement.condition("aws:ResourceAccount"):
            yield Problem("everybody may use it for every resource", statement.at("PolicyDocument"))
