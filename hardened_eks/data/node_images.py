"""Names of the SSM parameters with which AWS publishes images, with source and date in ``node_images.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_DOCUMENT: Mapping[str, Any] = _files.document("node_images.json")
_ARCHITECTURES = ("arm64", "x86_64")

BOTTLEROCKET = str(_DOCUMENT["bottlerocket"])
"""The parameter for Bottlerocket nodes, with the placeholders version, flavor, architecture and release."""
AL2023 = str(_DOCUMENT["al2023"])
"""The parameter for Amazon Linux 2023 nodes, with the placeholders version, architecture, kind and release."""
GENERAL_PURPOSE = str(_DOCUMENT["general_purpose"])
"""The parameter for other Amazon Linux 2023 instances, with the placeholder architecture."""
LACKS: frozenset[str] = frozenset(_DOCUMENT["lacks"])
"""Parameters that did not exist when Systems Manager was read."""


def parameters(version: str) -> Iterator[str]:
    """Yield the names of the parameters for images of a Kubernetes version."""
    for architecture in _ARCHITECTURES:
        for flavor in _DOCUMENT["flavors"]:
            yield BOTTLEROCKET.format(version=version, flavor=flavor, architecture=architecture, release="latest")
        for kind in _DOCUMENT["kinds"]:
            yield AL2023.format(version=version, architecture=architecture, kind=kind, release="recommended")
        yield GENERAL_PURPOSE.format(architecture=architecture)
