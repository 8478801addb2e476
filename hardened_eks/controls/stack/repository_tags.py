from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.stack._tags import FIX, NO_OWNER, TEAMS_CHOICE, tagged
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CF-06",
    title="Repositories have tags",
    requirement="ecr.tags.resource",
    types=("AWS::ECR::Repository",),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "Nobody patches a resource that has no owner, and in an incident nobody knows whom to ask about it or which "
        "team pays for it."
    ),
    fix=FIX,
    source="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    blind="Which tags your organization requires: any user-defined tag passes.",
    detective=TEAMS_CHOICE,
)
def repository_tags(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not tagged(resource):
        yield Problem("it has no tag that names its owner", "Tags", cause=NO_OWNER)
