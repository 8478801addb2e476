from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.iam import (
    IDENTITY,
    NOT_KNOWN,
    every_action,
    every_in_iam,
    every_service,
    managed_policies,
    own_statements,
    wide_statements,
)

# Principals that may change every policy can grant themselves everything else.
_ADMIN = ("AdministratorAccess", "IAMFullAccess")


@control(
    id="IA-01",
    title="No policy grants full administrator rights",
    requirement="iam.policy.no_admin",
    types=IDENTITY,
    needs="resource",
    severity=Severity.HIGH,
    why="Anyone who assumes the role controls the account.",
    fix="Name the actions and resources that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    blind="Managed policies whose ARN is a parameter or comes from outside the assembly.",
    enforced_by="CreatorRole",
)
def no_admin(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    cause = wide_statements(resource)
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        everywhere = bool(statement.not_resources) or any(every_service(r) for r in statement.resources)
        if statement.unknown:
            yield Problem(NOT_KNOWN, path, cause=NOT_KNOWN)
        elif everywhere and (every_action(statement) or statement.not_actions):
            yield Problem("every action on every resource, or all but a list", path, cause=cause)
        elif every_in_iam(statement):
            yield Problem("every IAM action on every resource, which leads to all other actions", path, cause=cause)
    for path, arn in managed_policies(resource):
        prefix, _, name = str(arn).rpartition("/")
        if prefix.endswith(":aws:policy") and name in _ADMIN:
            yield Problem(f"{name} is attached", path)
