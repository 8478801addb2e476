"""The chart of the AWS Node Termination Handler, with source and date in ``termination_handler.json``.

The older repository, https://aws.github.io/eks-charts, ends with 0.21.0 (aws-node-termination-handler#892).
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _document() -> Mapping[str, str]:
    text = files("hardened_eks.data").joinpath("termination_handler.json").read_text(encoding="utf-8")
    document: Mapping[str, str] = json.loads(text)
    return document


_DOCUMENT = _document()

CHART = _DOCUMENT["chart"]
"""The repository of the Helm chart."""
VERSION = _DOCUMENT["version"]
"""The version of the chart whose templates were read."""
IMAGE = _DOCUMENT["image"]
"""The image that this chart runs."""
SOURCE = _DOCUMENT["source"]
"""The source of the data."""
