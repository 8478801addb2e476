"""Moved: see `hardened_eks.sources`."""

from hardened_eks._moved import forward

__getattr__ = forward(__name__, "hardened_eks.sources")
