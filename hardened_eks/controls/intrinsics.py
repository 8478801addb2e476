"""Moved: see `hardened_eks.evidence.intrinsics`."""

from hardened_eks._moved import forward

__getattr__ = forward(__name__, "hardened_eks.evidence.intrinsics", "hardened_eks.evidence.unknown")
