"""Moved: see `hardened_eks.judging.waivers` and `hardened_eks.evidence.waiver`."""

from hardened_eks._moved import forward

__getattr__ = forward(__name__, "hardened_eks.evidence.waiver", "hardened_eks.judging.waivers")
