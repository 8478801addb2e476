"""The old module of `hardened_eks.compute`, which the next minor version removes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardened_eks.compute import NodeGroup, NodeGroupOptions, OperatingSystem, Scaling, Taint, TaintEffect

__all__ = ["NodeGroup", "NodeGroupOptions", "OperatingSystem", "Scaling", "Taint", "TaintEffect"]


def __getattr__(name: str) -> Any:
    """Return a name from its new module, with a warning that names it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn(
        f"hardened_eks.nodes is now hardened_eks.compute: import {name} from there, or use hardened_eks.{name}",
        DeprecationWarning,
        stacklevel=2,
    )
    from hardened_eks import compute

    return getattr(compute, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
