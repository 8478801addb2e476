"""Kubernetes versions as numbers."""

from __future__ import annotations

import re

from hardened_eks.data.kubernetes import minor

_VERSION = re.compile(r"1\.(0|[1-9]\d{0,2})")


def is_version(text: object) -> bool:
    """Return whether a string is a version such as ``1.37``."""
    return isinstance(text, str) and _VERSION.fullmatch(text) is not None


def after(start: str, target: str) -> tuple[str, ...]:
    """Return the versions after one, up to another, because EKS does not skip versions."""
    return tuple(f"1.{number}" for number in range(minor(start) + 1, minor(target) + 1))
