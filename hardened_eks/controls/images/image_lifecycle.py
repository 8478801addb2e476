import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.unknown import branches


@control(
    id="IM-08",
    title="Every repository has a lifecycle policy",
    requirement="ecr.lifecycle",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Old images accumulate, each with the vulnerabilities of its time, and any of them can still be deployed.",
    fix="Set a LifecyclePolicy that expires at least untagged images.",
    blind="A policy in a parameter, and which images its rules expire.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    enforced_by="Repository",
)
def image_lifecycle(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "LifecyclePolicy.LifecyclePolicyText" if resource.type == "AWS::ECR::Repository" else "LifecyclePolicy"
    for text in branches(resource.get(path)):
        if not isinstance(text, Unknown) and not _rules(text):
            yield Problem("there is no lifecycle policy", "LifecyclePolicy")
            return


def _rules(text: Any) -> Any:
    try:
        policy = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return policy.get("rules") if isinstance(policy, dict) else None
