from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.iam import IDENTITY, NOT_KNOWN, every_of_a_kind, own_statements


@control(
    id="IA-09",
    title="iam:PassRole is limited to named roles",
    requirement="iam.passrole_restricted",
    types=IDENTITY,
    needs="resource",
    severity=Severity.MEDIUM,
    why="Whoever can pass any role to a machine or function can do whatever the strongest role can.",
    fix="Name the roles' ARNs and the services (iam:PassedToService).",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    enforced_by="CreatorRole",
)
def passrole_restricted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path)
        elif statement.does("iam:PassRole"):
            wide = [r for r in statement.resources if every_of_a_kind(r, "iam")]
            if wide or statement.not_resources:
                key = "Resource" if wide else "NotResource"
                yield Problem(f"every role can be passed ({', '.join(wide) or key})", f"{path}.{key}")
