"""Tags of resources, in every format that CloudFormation types use."""

from typing import Any, Final

from hardened_eks.evidence import Resource, Unknown
from hardened_eks.evidence.unknown import branches

FIX: Final = (
    'Tag the stack: cdk.Tags.of(stack).add("application", "payments"). To tag several stacks at once, tag the app or '
    "the Stage that contains them; Tags.of(app) does not reach the stacks of a Stage, including those of CDK Pipelines."
)
TEAMS_CHOICE: Final = "The team chooses which tags name an owner: cdk.Tags.of(stack).add(...)."
NO_OWNER: Final = "no tag of an owner"
"""The cause that findings about tags share."""
_MACHINES: Final = ("aws:", "aws-cdk:", "hardened-eks:", "eks:", "kubernetes.io/", "k8s.io/", "karpenter.sh/")
"""Prefixes of tag keys that AWS, the CDK, this library and Kubernetes set themselves."""


def tagged(resource: Resource, path: str = "Tags") -> bool:
    """Return whether the resource has a tag that a user defined, other than its name."""
    tags = resource.get(path)
    return all(_owned(branch) for branch in branches(tags))


def _owned(tags: Any) -> bool:
    if isinstance(tags, dict):
        keys = list(tags)
    else:
        keys = [tag.get("Key") for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return any(
        isinstance(key, Unknown) or (isinstance(key, str) and key not in {"", "Name"} and not key.startswith(_MACHINES))
        for key in keys
    )
