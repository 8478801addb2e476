"""The Kubernetes groups of this library."""

from __future__ import annotations

from typing import Final

DELIVERY_GROUP: Final = "hardened-eks:delivery"
"""Group of the one principal that applies the baseline from a stack (`hardened_eks.Workloads`)."""
