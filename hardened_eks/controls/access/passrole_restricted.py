from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import IDENTITY, NOT_KNOWN, covers_all, own_statements

_NAMED = 3
"""The number of letters from which a pattern names a role: ``role/*a*`` matches nearly every role."""


@control(
    id="IA-09",
    title="iam:PassRole is limited to named roles",
    requirement="iam.passrole_restricted",
    types=IDENTITY,
    needs="resource",
    severity=Severity.MEDIUM,
    why="Anyone who can pass any role to an instance or function gains the rights of the most powerful role.",
    fix="Name the ARNs of the roles, or at least a prefix of their names, and the services (iam:PassedToService).",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    blind=(
        "Patterns that begin a role name with three letters or more pass. A statement with conditions on both "
        "iam:PassedToService and iam:AssociatedResourceArn also passes."
    ),
    enforced_by="CreatorRole",
)
def passrole_restricted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path, cause=NOT_KNOWN)
        elif statement.does("iam:PassRole") and not _for_one_thing(statement):
            wide = [r for r in statement.resources if _any_role(r)]
            if wide or statement.not_resources:
                key = "Resource" if wide else "NotResource"
                yield Problem(f"every role can be passed ({', '.join(wide) or key})", f"{path}.{key}")


def _any_role(pattern: str) -> bool:
    """Return whether a resource matches nearly every role; stars also match colons."""
    plain = LATER.sub("xxx", pattern)
    _, found, name = plain.partition(":role/")
    if found:
        return bool(set("*?") & set(name)) and len(name.translate({ord("*"): "", ord("?"): "", ord("/"): ""})) < _NAMED
    return covers_all(plain, "iam", "role/")


def _for_one_thing(statement: Statement) -> bool:
    """Return whether a role may be passed only to one service, for named resources."""
    return all(
        conditions.tied(statement.conditions, [key]) for key in ("iam:passedtoservice", "iam:associatedresourcearn")
    )
