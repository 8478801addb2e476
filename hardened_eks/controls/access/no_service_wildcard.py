from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.iam import IDENTITY, NOT_KNOWN, bare, own_statements, wide_statements

# Services for the channels of the SSM agent, of which all actions are needed.
_SINGLE = ("ssmmessages", "ec2messages")


@control(
    id="IA-02",
    title="No policy allows all actions of a service",
    requirement="iam.policy.no_service_wildcard",
    types=IDENTITY,
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "A wildcard allows deletion together with reading, and actions that the service adds next year are allowed as "
        "well."
    ),
    fix="Name the actions.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
    enforced_by="CreatorRole",
)
def no_service_wildcard(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    cause = wide_statements(resource)
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path, cause=NOT_KNOWN)
        if statement.not_actions:
            yield Problem("NotAction allows every action of every other service", f"{path}.NotAction", cause=cause)
        for action in statement.actions:
            service, _, name = bare(action).partition(":")
            if bare(action) == "_":
                yield Problem(f"the action {action} is not known before deployment", f"{path}.Action", cause=cause)
            elif _stars(service) or (_stars(name) and service.lower() not in _SINGLE):
                yield Problem(f"{action} is every action of a service", f"{path}.Action", cause=cause)


def _stars(text: str) -> bool:
    return "*" in text and set(text) <= {"*", "?"}
