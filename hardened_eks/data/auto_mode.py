"""The policies of EKS Auto Mode, with source and date in ``auto_mode.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping


_DOCUMENT: Mapping[str, Any] = _files.document("auto_mode.json")

CLUSTER: Mapping[str, str] = dict(_DOCUMENT["cluster"])
"""The policies that the cluster role needs, each with an action that identifies a custom replacement."""
NODE: tuple[str, ...] = tuple(_DOCUMENT["node"])
"""The policies of the node role."""
ACCESS = str(_DOCUMENT["access"])
"""The access policy of the access entry for nodes."""
TAG = "eks:eks-cluster-name"
"""The key of the tag by which AWS's policies let Auto Mode change a resource. Its value is the name of the cluster."""
VERSIONS: Mapping[str, str] = dict(_DOCUMENT["versions"])
"""The version of each policy when IAM was read; empty before."""
