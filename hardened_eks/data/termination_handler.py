"""The chart of the AWS Node Termination Handler, with source and date in ``termination_handler.json``.

The older repository, https://aws.github.io/eks-charts, ends with 0.21.0 (aws-node-termination-handler#892).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping


_DOCUMENT: Mapping[str, str] = _files.document("termination_handler.json")

CHART = _DOCUMENT["chart"]
"""The repository of the Helm chart."""
VERSION = _DOCUMENT["version"]
"""The version of the chart whose templates were read."""
IMAGE = _DOCUMENT["image"]
"""The image that this chart runs."""
SOURCE = _DOCUMENT["source"]
"""The source of the data."""
