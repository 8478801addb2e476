"""Names of the SSM parameters with which AWS publishes images; pure, with source and day in ``node_images.json``."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _document() -> Mapping[str, Any]:
    text = files("hardened_eks.data").joinpath("node_images.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
    return document


_DOCUMENT = _document()
_ARCHITECTURES = ("arm64", "x86_64")

BOTTLEROCKET = str(_DOCUMENT["bottlerocket"])
"""Of Bottlerocket for nodes, with the places version, flavor, architecture and release."""
AL2023 = str(_DOCUMENT["al2023"])
"""Of Amazon Linux 2023 for nodes, with the places version, architecture, kind and release."""
GENERAL_PURPOSE = str(_DOCUMENT["general_purpose"])
"""Of Amazon Linux 2023 for other machines, with the place architecture."""
SOURCE = str(_DOCUMENT["source"])
"""Where they were read."""
LACKS: frozenset[str] = frozenset(_DOCUMENT["lacks"])
"""Those that there were not when Systems Manager was asked."""


def parameters(version: str) -> Iterator[str]:
    """Yield the name of each parameter that images of a Kubernetes version may be looked up by."""
    for architecture in _ARCHITECTURES:
        for flavor in _DOCUMENT["flavors"]:
            yield BOTTLEROCKET.format(version=version, flavor=flavor, architecture=architecture, release="latest")
        for kind in _DOCUMENT["kinds"]:
            yield AL2023.format(version=version, architecture=architecture, kind=kind, release="recommended")
        yield GENERAL_PURPOSE.format(architecture=architecture)
