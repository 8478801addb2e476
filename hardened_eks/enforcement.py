"""Moved: see `hardened_eks.controls.model.Control.enforced_by`."""

from __future__ import annotations

from typing import Any

from hardened_eks._moved import warn


def __getattr__(name: str) -> Any:
    if name != "ENFORCES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hardened_eks.controls import CATALOGUE

    # The old name of a public tuple. words: allow spelling
    warn(f"{__name__}.ENFORCES", "Control.enforced_by of each control in hardened_eks.controls.CATALOGUE")
    names = sorted({control.enforced_by for control in CATALOGUE} - {""})
    return {name: tuple(control for control in CATALOGUE if control.enforced_by == name) for name in names}
