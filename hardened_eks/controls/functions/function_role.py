from collections.abc import Iterator
from typing import Final

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.functions._functions import FUNCTION
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.policies import Statement

_WIDE: Final = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "AWSLambda_FullAccess")
_ROLE: Final = "AWS::IAM::Role"


@control(
    id="FN-07",
    title="Each function has its own role with few permissions",
    requirement="lambda.role",
    types=(FUNCTION,),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "A shared role gives each function the permissions that all of them need. If the role has broad permissions, "
        "a bug in the code gives an attacker the account."
    ),
    fix="Give each function its own role (the CDK's default), and name actions and resources in its policies.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    blind=(
        "A policy counts as broad if it allows every action of a service on every resource, or if it is a full-access "
        "policy of AWS. For finer analysis, use IAM Access Analyzer."
    ),
    enforced_by="Network",
)
def function_role(function: Resource, assembly: Assembly) -> Iterator[Problem]:
    role = assembly.target(function.get("Role"), _ROLE, near=function)
    if role is None:
        yield from not_seen(function, assembly, "Role", _ROLE)
        return
    sharing = next((other for other in assembly.pointing("Role", role, FUNCTION) if other is not function), None)
    if sharing is not None:
        yield Problem(f"its role {role.logical_id} is also used by {sharing.logical_id}", "Role")
    for arn in role.items("ManagedPolicyArns"):
        if str(arn).rsplit("/", 1)[-1] in _WIDE:
            yield Problem(f"its role {role.logical_id} has {str(arn).rsplit('/', 1)[-1]}", "Role")
    documents = [role.get(f"Policies.{index}.PolicyDocument") for index in range(len(role.items("Policies")))]
    attached = [*assembly.referring(role, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")]
    attached += assembly.targets(role.items("ManagedPolicyArns"), "AWS::IAM::ManagedPolicy", near=role)
    documents += [policy.get("PolicyDocument") for policy in attached]
    for document in documents:
        for statement in policies.statements(document):
            if statement.allows and statement.unknown:
                yield Problem(f"the permissions of its role {role.logical_id} are not known before deployment", "Role")
            elif _wide(statement):
                what = ", ".join(statement.actions[:3]) or "all but a few actions"
                yield Problem(f"its role {role.logical_id} allows {what}", "Role")


def _wide(statement: Statement) -> bool:
    if not statement.allows:
        return False
    whole = any(action == "*" or action.endswith(":*") for action in statement.actions) or bool(statement.not_actions)
    return whole and ("*" in statement.resources or bool(statement.not_resources))
