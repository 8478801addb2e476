"""The Kubernetes versions that a node can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.data import kubernetes
from hardened_eks.data.kubernetes import Support

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BEHIND = 3
_RELEASE = regex(r"\d+\.\d+\.\d+-[0-9a-z]+")


def version_problems(
    version: object, release_version: object, cluster_version: object, operating_system: object
) -> Iterator[str]:
    """Yield why versions of Kubernetes and of the image cannot be used.

    Source: https://kubernetes.io/releases/version-skew-policy/#kubelet

    Args:
        version: version of the nodes.
        release_version: release of the image.
        cluster_version: version of the control plane. None: not known.
        operating_system: operating system of the image. Releases of AL2023 contain their version of Kubernetes.
    """
    release = "" if release_version is None or is_text_token(release_version) else str(release_version)
    if release_version == "" or (release and not _RELEASE.fullmatch(release)):
        examples = "'1.50.0-0a1b2c3d' (Bottlerocket) or '1.36.0-20261101' (AL2023)"
        yield f"release_version needs a release such as {examples}, got {release_version!r}"
    name, given = "version", version
    if version is None and operating_system == OperatingSystem.AL2023:
        name, given = "release_version", release
        version = kubernetes.version_of_release(release)
    if version is None or is_text_token(version):
        return
    standing = kubernetes.support(version) if isinstance(version, str) else Support.UNKNOWN
    if standing in {Support.UNKNOWN, Support.ENDED}:
        offered = ", ".join(kubernetes.lasting())
        yield f"{name} needs a Kubernetes version that Amazon EKS supports, got {given!r}; choose one of {offered}"
    elif is_literal(cluster_version) and cluster_version in kubernetes.VERSIONS:
        behind = kubernetes.minor(cluster_version) - kubernetes.minor(str(version))
        if not 0 <= behind <= _MOST_BEHIND:
            yield (
                f"{name} needs the cluster's version {cluster_version} or up to {_MOST_BEHIND} before it, got {given!r}"
            )
