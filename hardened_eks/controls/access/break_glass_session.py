from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.break_glass import admin_roles, cause
from hardened_eks.evidence.views.people import MOST_SECONDS


@control(
    id="IA-17",
    title="A session of a cluster administrator role ends after an hour",
    requirement="eks.auth.dedicated_creator_role",
    types=("AWS::IAM::Role",),
    severity=Severity.MEDIUM,
    why="The cluster cannot revoke a session: the longer it lasts, the longer a stolen one can be used.",
    fix="Omit MaxSessionDuration, or set it to 3600.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage-assume.html#id_roles_use_view-role-max-session",
    blind="Roles that are not cluster administrators by an access entry of the assembly.",
    needs="assembly",
    enforced_by="BreakGlassRole",
)
def break_glass_session(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role not in admin_roles(assembly):
        return
    seconds = role.number("MaxSessionDuration", MOST_SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds > MOST_SECONDS:
        yield Problem(f"a session lasts up to {seconds} seconds", "MaxSessionDuration", cause=cause(role))
