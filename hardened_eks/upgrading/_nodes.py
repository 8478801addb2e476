"""Nodes: the supported version skew, and images that a version no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.data.kubernetes import minor
from hardened_eks.upgrading._words import is_version
from hardened_eks.upgrading.model import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.upgrading.facts import Cluster, NodeGroup

_MOST_BEHIND: Final = 3
_LAST: Final = {"AL2_x86_64": "1.32", "AL2_x86_64_GPU": "1.32", "AL2_ARM_64": "1.32"}
"""AMI type -> the last Kubernetes version with such an image.

Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html
"""
_CUSTOM: Final = "CUSTOM"


def findings(cluster: Cluster, start: str, target: str) -> Iterator[Finding]:
    """Yield the findings about nodes that affect the upgrade.

    Sources: https://kubernetes.io/releases/version-skew-policy/#kubelet and
    https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterVersion.html
    """
    for group in cluster.groups:
        about = f"node group {group.name}"
        if is_version(group.version) and (message := _behind(str(group.version), start, goes_on=start != target)):
            yield Finding(level=Level.BLOCK, about=about, message=message)
        last = _LAST.get(group.image_type or "")
        if last is not None and minor(target) > minor(last):
            message = (
                f"the image {group.image_type} does not exist for versions after Kubernetes {last}: use Bottlerocket "
                "or AL2023"
            )
            yield Finding(level=Level.BLOCK, about=about, message=message)
        if group.image_type == _CUSTOM:
            message = "it uses your own image: build one for each version on the way"
            yield Finding(level=Level.NOTE, about=about, message=message)


def _behind(version: str, start: str, *, goes_on: bool) -> str:
    behind = minor(start) - minor(version)
    if behind < 0:
        return f"its version {version} is newer than the control plane's {start}, which is not supported"
    if behind > _MOST_BEHIND:
        return (
            f"its version {version} is {behind} minor versions behind the control plane's {start}; {_MOST_BEHIND} are "
            "allowed"
        )
    if behind and goes_on:
        return (
            f"its version is {version}: EKS upgrades the control plane only when managed node groups have its version "
            f"{start}"
        )
    return ""


def steps(cluster: Cluster, version: str) -> Iterator[str]:
    """Yield the steps that upgrade the nodes to a version."""
    for group in cluster.groups:
        yield f"node group {group.name}: {_how(group, version)}"
    for other in cluster.other_compute:
        if other.startswith("Fargate"):
            yield f"{other}: restart its pods, so that each gets the kubelet of the cluster's version"
        elif other == "Auto Mode":
            yield "Auto Mode: EKS replaces its nodes, within the disruption budgets"
        else:
            yield f"{other}: set its image to {version} and refresh its instances, if it has nodes of the cluster"
    if not cluster.groups and not cluster.other_compute:
        yield f"bring all nodes to {version}, one group after the other"


def _how(group: NodeGroup, version: str) -> str:
    if group.image_type == _CUSTOM:
        return f"a new version of its launch template, with an image for {version}"
    if group.version is None:
        return (
            f'set version="{version}" (without it, the group keeps the version it was created with), in a separate '
            "deployment"
        )
    return f'set version="{version}", in a separate deployment: EKS accepts no other change of the group with it'
