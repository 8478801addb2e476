"""The pods that run on AWS Fargate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import like
from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from hardened_eks.evidence import Resource

FARGATE: Final = "AWS::EKS::FargateProfile"


def selects(profile: Resource, namespace: str, *, whole: bool = False) -> bool:
    """Return whether a profile selects pods of a namespace; if that is not known, return true.

    Args:
        profile: the Fargate profile.
        namespace: the namespace of the pods.
        whole: whether it must certainly select all pods of the namespace, with any labels.
    """
    for selector in profile.items("Selectors"):
        written = selector.get("Namespace") if isinstance(selector, dict) else selector
        labels = isinstance(selector, dict) and selector.get("Labels")
        found = isinstance(written, Unknown) or like(namespace, str(written))
        if found and not (whole and (labels or isinstance(written, Unknown))):
            return True
    return False
