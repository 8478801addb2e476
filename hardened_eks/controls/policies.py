"""Moved: see `hardened_eks.evidence.policies`."""

from hardened_eks._moved import forward

__getattr__ = forward(__name__, "hardened_eks.evidence.policies")
