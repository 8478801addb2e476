"""Checks of Karpenter's pools and nodes, and of the Kubernetes versions that a release supports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from hardened_eks._tokens import is_token
from hardened_eks.baseline.families import unfit, unknown
from hardened_eks.baseline.node_checks import MOST_CPUS, MOST_DAYS
from hardened_eks.baseline.node_labels import kept_by_pools, of_kubernetes
from hardened_eks.compute._labels import label_problems
from hardened_eks.data import karpenter
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

    from hardened_eks.compute._karpenter_settings import KarpenterPool

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")
_RELEASE = re.compile(r"\d+\.\d+\.\d+")
_RESERVED = re.compile(r"kubernetes\.io/cluster/|karpenter\.sh/|karpenter\.k8s\.aws/|eks:|aws:")


def pool_problems(pool: KarpenterPool) -> Iterator[str]:
    """Yield the mistakes in a pool."""
    if not isinstance(pool.name, str) or not _NAME.fullmatch(pool.name):
        yield f"name needs 1 to 63 lower-case letters, digits, '-' or '.', got {pool.name!r}"
    yield from _family_problems(pool.families)
    if not isinstance(pool.spot, bool):
        yield f"spot needs True or False, got {pool.spot!r}"
    for name, most in (("cpu_limit", MOST_CPUS), ("max_lifetime_days", MOST_DAYS)):
        value: Any = getattr(pool, name)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            yield f"{name} needs a whole number from 1 to {most}, got {value!r}"
    yield from label_problems(pool.labels, pool.taints)
    for key in pool.labels if isinstance(pool.labels, Mapping) else ():
        if isinstance(key, str) and not of_kubernetes(key) and (owner := kept_by_pools(key)):
            yield f"labels has the key {key!r}, whose prefix {owner} refuses in a NodePool: use your own prefix"


def _family_problems(families: object) -> Iterator[str]:
    if isinstance(families, str) or not isinstance(families, list | tuple) or not families:
        yield f"families needs a list of instance families such as m7g, got {families!r}"
        return
    yield from (f"families names {name} twice" for name in repeated(families))
    for name in families:
        strange = unknown(name)
        if strange is not None:
            yield f"families needs families {strange}"
        elif (reason := unfit(name)) is not None:
            yield f"the family {name} {reason}"


def release_problems(release: object) -> Iterator[str]:
    """Yield why a release of Bottlerocket is invalid. ``latest`` would replace nodes whenever AWS publishes one."""
    if not isinstance(release, str) or not _RELEASE.fullmatch(release):
        yield (
            "bottlerocket_version needs a release such as '1.66.0', which supports your Kubernetes version, got "
            f"{release!r}"
        )


def warn_of_release(scope: Construct, version: str | None) -> None:
    """Warn if the Kubernetes version of a cluster is newer than the release of Karpenter supports."""
    if version is None or is_token(version):
        return
    if tuple(map(int, version.split("."))) > tuple(map(int, karpenter.NEWEST_KUBERNETES.split("."))):
        cdk.Annotations.of(scope).add_warning_v2(
            "hardened-eks:karpenter-release",
            f"Karpenter {karpenter.RELEASE}, the release of this chart and its permissions, supports Kubernetes up to "
            f"{karpenter.NEWEST_KUBERNETES}, and the cluster has {version}: see https://karpenter.sh/docs/upgrading/"
            "compatibility/, and use a release of this library with a newer Karpenter",
        )


def tag_problems(tags: Mapping[str, str] | None) -> Iterator[str]:
    """Yield why tags of instances are invalid. Karpenter refuses keys that it uses itself."""
    if tags is None:
        return
    texts = isinstance(tags, dict) and all(isinstance(part, str) for pair in tags.items() for part in pair)
    if not texts or is_token(tags):
        yield f"tags needs a mapping of strings to strings, got {tags!r}"
        return
    for key in tags:
        if not key or _RESERVED.match(key):
            yield f"tags has the key {key!r}, which is reserved for AWS, Kubernetes or Karpenter: use another"
