"""The policies of EKS Auto Mode; pure, with source and day in ``auto_mode.json``."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def _document() -> Mapping[str, Any]:
    text = files("hardened_eks.data").joinpath("auto_mode.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
    return document


_DOCUMENT = _document()

CLUSTER: Mapping[str, str] = dict(_DOCUMENT["cluster"])
"""Each policy that the role of the cluster needs, and an action that a policy of one's own has in its place."""
NODE: tuple[str, ...] = tuple(_DOCUMENT["node"])
"""The policies of the nodes' role."""
ACCESS = str(_DOCUMENT["access"])
"""The access policy of the nodes' entry."""
VERSIONS: Mapping[str, str] = dict(_DOCUMENT["versions"])
"""The version of each policy when IAM was asked; empty before."""
SOURCE = str(_DOCUMENT["source"])
"""Where they were read."""
