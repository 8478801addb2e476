import re
from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.images._registry import tied
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.intrinsics import LATER
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.resource_policies import may_be_anybody

_WRITING: Final = ("ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:DeleteRepository")
_LIMITS: Final = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
)
"""Whose credentials or whose registry; where they come from (aws:SourceVpc) is the same for everybody inside."""
_OWNED: Final = re.compile(
    rf":ecr:(?:{LATER.pattern}|[^:$])*:(?:\d{{12}}|{LATER.pattern}):repository/|^\$\{{[A-Za-z0-9]+\.Arn\}}$"
)


@control(
    id="IM-09",
    title="ECR endpoints carry a policy of their own",
    requirement="ecr.endpoint_policy",
    types=("AWS::EC2::VPCEndpoint",),
    needs="resource",
    severity=Severity.MEDIUM,
    why="With the default policy anybody inside pushes your data to a registry of their own through your endpoint.",
    fix="Set PolicyDocument: the account's or organization's principals, and the pull actions.",
    blind="Endpoints whose service name is known only at deployment.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    enforced_by="Network",
)
def ecr_endpoint_policy(endpoint: Resource, assembly: Assembly) -> Iterator[Problem]:
    service = str(endpoint.get("ServiceName", "")).removesuffix("-fips")
    if not service.endswith((".ecr.api", ".ecr.dkr")):
        return
    document = endpoint.get("PolicyDocument")
    if document is None:
        yield Problem("the endpoint has the default policy, which allows everything", "PolicyDocument")
        return
    statements = list(policies.statements(document))
    if not statements:
        yield Problem("the policy has no statement that can be read", "PolicyDocument")
    for statement in statements:
        if statement.unknown:
            yield Problem("the policy is known only at deployment", statement.at("PolicyDocument"))
        elif _carries_away(statement):
            yield Problem(
                "every principal may push to, or delete from, any registry",
                statement.at("PolicyDocument"),
            )


def _carries_away(statement: Statement) -> bool:
    anybody = statement.anybody or any(may_be_anybody(value) for _, value in statement.principals)
    return (
        statement.allows
        and anybody
        and any(statement.does(action) for action in _WRITING)
        and not tied(statement, _LIMITS)
        and not (statement.resources and all(_OWNED.search(resource) for resource in statement.resources))
    )
