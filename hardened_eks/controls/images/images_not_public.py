from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.images._registry import RESOURCE_POLICIES, policy_path
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import openings


@control(
    id="IM-06",
    title="Repository and registry policies let nobody in whom they do not name",
    requirement="ecr.policy.no_public",
    types=(*RESOURCE_POLICIES, "AWS::ECR::PublicRepository"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Anybody with an AWS account could pull your code, or push into what your nodes run.",
    fix="Name roles, or condition on aws:PrincipalOrgID.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    enforced_by="Repository",
)
def images_not_public(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::ECR::PublicRepository":
        yield Problem("the repository is public")
        return
    yield from starmap(Problem, openings(resource, policy_path(resource)))
