from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.conditions import CALLER_KEYS, any_caller
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.resource_policies import openings, spares_only, strangers
from hardened_eks.evidence.worst import as_far_as_known

_POLICY = "AWS::SecretsManager::ResourcePolicy"


@control(
    id="SE-03",
    title="Secrets are not public, and a resource policy names the only principals that can read them",
    requirement="secrets.policy",
    types=("AWS::SecretsManager::Secret", _POLICY),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Without a resource policy, every role in the account with secretsmanager:GetSecretValue on * can read the "
        "secret."
    ),
    fix=(
        "Attach a ResourcePolicy that denies access to everybody but the readers (StringNotLike aws:PrincipalArn), "
        "and set BlockPublicPolicy."
    ),
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    blind="Whether the list of readers is right. Policies outside the assembly.",
    detective="No construct creates secrets; they are part of the team's own stacks.",
)
def secret_policy_restrictive(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _POLICY:
        yield from starmap(Problem, openings(resource, "ResourcePolicy"))
        yield from starmap(Problem, strangers(resource, "ResourcePolicy", assembly))
        return
    documents = [
        policy.get("ResourcePolicy")
        for policy in assembly.referring(resource, _POLICY)
        if assembly.target(policy.get("SecretId"), resource.type, near=policy) is resource
    ]
    if not any(_restricts(statement) for document in documents for statement in policies.statements(document)):
        yield Problem(as_far_as_known("no policy denies access to everybody but its readers", *documents))


def _restricts(statement: Statement) -> bool:
    if statement.allows or not statement.does("secretsmanager:GetSecretValue"):
        return False
    keys = {key for named in statement.condition_keys.values() for key in named}
    names = statement.not_principals or (statement.anybody and bool(CALLER_KEYS & keys))
    return names and spares_only(statement, lambda key, value: key in CALLER_KEYS and not any_caller(key, value))
