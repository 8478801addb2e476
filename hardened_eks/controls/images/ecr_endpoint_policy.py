from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.endpoint_policies import CARRIES, DEFAULT_POLICY, Perimeter, Side

_WRITING: Final = CARRIES["ecr.api"]


@control(
    id="IM-09",
    title="ECR endpoints have their own policy",
    requirement="ecr.endpoint_policy",
    types=("AWS::EC2::VPCEndpoint",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "With the default policy, anybody inside the VPC can push your data through your endpoint to a registry that "
        "they own."
    ),
    fix=(
        "Set a PolicyDocument that names the principals of the account or organization and the pull actions, and "
        "allows pushes only to your registry."
    ),
    blind=(
        "Endpoints whose service name is known only at deployment. If neither the environment nor AWS::AccountId "
        "shows which account or organization is the own one, the only one in the policy counts as the own one."
    ),
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    enforced_by="Network",
)
def ecr_endpoint_policy(endpoint: Resource, assembly: Assembly) -> Iterator[Problem]:
    service = str(endpoint.get("ServiceName", "")).removesuffix("-fips")
    if not service.endswith((".ecr.api", ".ecr.dkr")):
        return
    document = endpoint.get("PolicyDocument")
    if document is None:
        message = "the endpoint has the default policy, which allows everything"
        yield Problem(message, "PolicyDocument", cause=DEFAULT_POLICY)
        return
    statements = list(policies.statements(document))
    if not statements:
        yield Problem("the policy has no readable statement", "PolicyDocument")
    perimeter = Perimeter(endpoint, statements, assembly)
    for statement in statements:
        if statement.unknown:
            yield Problem("the policy is known only at deployment", statement.at("PolicyDocument"))
        elif (
            statement.allows and any(map(statement.does, _WRITING)) and perimeter.resources(statement) is not Side.OURS
        ):
            who = "your principals" if perimeter.principals(statement) is Side.OURS else "every principal"
            yield Problem(f"{who} may push to, or delete from, any registry", statement.at("PolicyDocument"))
