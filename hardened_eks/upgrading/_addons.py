"""Add-ons: whether their versions are compatible, and which versions to set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks.data.kubernetes import minor
from hardened_eks.upgrading.facts import UNKNOWN
from hardened_eks.upgrading.model import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.data.addon_versions import AddonVersions
    from hardened_eks.upgrading.facts import Cluster

_FOLLOWS: Final = "kube-proxy"
"""The add-on whose minor version is that of Kubernetes:
https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html"""
_ONE_BY_ONE: Final = ("vpc-cni", "eks-pod-identity-agent")
"""Add-ons that must be upgraded one minor version at a time."""
_MINOR: Final = re.compile(r"v?(1\.\d+)\.")


def findings(cluster: Cluster, start: str, ways: Sequence[str], known: AddonVersions) -> Iterator[Finding]:
    """Yield the findings about add-ons that affect the upgrade."""
    for name, version in sorted(cluster.addons.items()):
        if version in {None, UNKNOWN}:
            continue
        about, pinned = f"add-on {name}", str(version)
        match = _MINOR.match(pinned)
        if name == _FOLLOWS and match is not None:
            apart = minor(match[1]) - minor(start)
            if apart > 0 or apart < -1:
                message = (
                    f"its version {pinned} is for Kubernetes {match[1]}, but the cluster has {start}: set a version "
                    f"for {start}"
                )
                yield Finding(level=Level.BLOCK, about=about, message=message)
            continue
        if ways and known.fits(name, pinned, ways[0]) is False:
            way = _set(name, ways[0], known)
            message = (
                f"EKS does not support its version {pinned} with {ways[0]}: {way} before you upgrade the control plane"
            )
            yield Finding(level=Level.BLOCK, about=about, message=message)
        elif ways and known.fits(name, pinned, ways[0]) is None:
            message = f"it is not known whether its version {pinned} supports {ways[0]}: {_set(name, ways[0], known)}"
            yield Finding(level=Level.NOTE, about=about, message=message)


def _set(name: str, kubernetes: str, known: AddonVersions) -> str:
    default = known.default(name, kubernetes)
    if default is not None:
        return f"set {default}"
    return f"aws eks describe-addon-versions --addon-name {name} --kubernetes-version {kubernetes} lists them"


def step(cluster: Cluster, version: str, known: AddonVersions) -> tuple[list[str], list[str]]:
    """Return the step that upgrades the add-ons for a Kubernetes version, with commands that list their versions."""
    details, asks = ["EKS does not upgrade add-ons: AddonOptions(versions=...), deploy"], False
    for name, pinned in sorted(cluster.addons.items()):
        default = known.default(name, version)
        slow = ", one minor version at a time" if name in _ONE_BY_ONE else ""
        if default is not None:
            now = "" if pinned in {None, UNKNOWN} else f", now {pinned}"
            details.append(f"{name}: {default}{now}{slow}")
        elif name == _FOLLOWS:
            details.append(f"{name}: a version v{version}.x")
            asks = True
        else:
            details.append(f"{name}: EKS's default for {version}{slow}")
            asks = True
    if not asks:
        return details, []
    defaults = "addons[].[addonName, addonVersions[?compatibilities[?defaultVersion]].addonVersion | [0]]"
    return details, [
        f"aws eks describe-addon-versions --kubernetes-version {version} --query '{defaults}' --output table"
    ]
