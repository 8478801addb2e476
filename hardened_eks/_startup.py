"""Keep Python's cyclic garbage collector away from modules, which never become garbage (docs/adr/0003)."""

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
    """Import without collections in between, and end the process without a last one over all that was imported."""
    _end_quickly()
    with undisturbed():
        try:
            yield
        finally:
            gc.freeze()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Work without collections in between: for what makes many objects and little garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@cache
def _end_quickly() -> None:
    atexit.register(gc.freeze)
