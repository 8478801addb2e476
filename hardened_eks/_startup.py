"""Imports without Python's cyclic garbage collector, because modules never become garbage (docs/adr/0003)."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def quick() -> Iterator[None]:
    """Import without garbage collections, and end the process without a last one over all imported modules."""
    _end_quickly()
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


@cache
def _end_quickly() -> None:
    atexit.register(gc.freeze)
