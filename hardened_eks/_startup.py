"""Imports without Python's cyclic garbage collector, because modules never become garbage (docs/adr/0003)."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANY: Final = 20_000


@contextmanager
def quick() -> Iterator[None]:
    """Import without garbage collections, and end the process without a last one over all imported modules."""
    _end_quickly()
    with undisturbed():
        try:
            yield
        finally:
            gc.freeze()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Pause garbage collections, for work that creates many objects and little garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def seldom() -> Iterator[None]:
    """Collect after 20,000 new objects instead of 700, for work that reads much and discards little.

    Each collection visits every object. Garbage is still found, so memory stays bounded.
    """
    before = gc.get_threshold()
    gc.set_threshold(_MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@cache
def _end_quickly() -> None:
    atexit.register(gc.freeze)
