from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IM-08",
    title="Every repository has a lifecycle policy",
    requirement="ecr.lifecycle",
    types=("AWS::ECR::Repository",),
    severity=Severity.MEDIUM,
    why="Old images pile up, each with the holes of its day, and any of them can be deployed.",
    fix="Set LifecyclePolicy: expire untagged images at least.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
)
def image_lifecycle(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.get("LifecyclePolicy.LifecyclePolicyText") is None:
        yield Problem("there is no lifecycle policy", "LifecyclePolicy")
