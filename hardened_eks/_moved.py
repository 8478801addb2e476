"""Old import paths, kept for one release with a warning that names the new path (PEP 562)."""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def forward(old: str, *homes: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of the module `old`, whose names are in the modules `homes` now.

    The modules are imported when a name is read, so that an old path adds no dependency between packages.
    """

    def get(name: str) -> Any:
        for home in () if name.startswith("_") else homes:
            module = importlib.import_module(home)
            if hasattr(module, name):
                warn(f"{old}.{name}", f"{home}.{name}")
                return getattr(module, name)
        raise AttributeError(f"module {old!r} has no attribute {name!r}")

    return get


def warn(old: str, new: str) -> None:
    """Warn the user of an old path about its removal. Call it from a module's `__getattr__`."""
    message = f"{old} is now {new}; the next minor version removes the old import path"
    warnings.warn(message, DeprecationWarning, stacklevel=3)  # points at the user of __getattr__
