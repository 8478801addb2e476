"""Tags, however a type writes them."""

from typing import Any, Final

from hardened_eks.evidence import Resource, Unknown

FIX: Final = (
    'Tag the stack: cdk.Tags.of(stack).add("application", "payments"), or once for all its stacks the app or the Stage '
    "(of CDK Pipelines, too) that they are in: Tags.of(app) does not reach the stacks of a Stage."
)
TEAMS_CHOICE: Final = "Which tags name an owner is the team's to say: cdk.Tags.of(stack).add(...)."
NO_OWNER: Final = "no tag of an owner"
"""The cause that findings about tags share."""
_MACHINES: Final = ("aws:", "aws-cdk:", "hardened-eks:", "eks:", "kubernetes.io/", "k8s.io/", "karpenter.sh/")
"""How keys begin that AWS, the CDK, this library and Kubernetes write for themselves."""


def tagged(resource: Resource, path: str = "Tags") -> bool:
    """Return whether the resource carries a tag that is neither a machine's own nor its name."""
    tags = resource.get(path)
    return all(_owned(branch) for branch in (tags.branches if isinstance(tags, Unknown) else (tags,)))


def _owned(tags: Any) -> bool:
    if isinstance(tags, dict):
        keys = list(tags)
    else:
        keys = [tag.get("Key") for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return any(
        isinstance(key, Unknown) or (isinstance(key, str) and key not in {"", "Name"} and not key.startswith(_MACHINES))
        for key in keys
    )
