"""The controls of an area, each read from its file when it is asked for what the index does not know.

A third of the catalog is about types that the reference cluster does not have. Importing those files would cost every
synth and answer nothing.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from hardened_eks.controls._index import INDEX
from hardened_eks.controls.model import INDEXED, Control, Family
from hardened_eks.severity import Severity


class _Area(ModuleType):
    """A package of an area: its names are controls, and not the modules that they are written in."""

    def __setattr__(self, name: str, value: object) -> None:
        """Keep a control where Python binds the module of the same name, which it has just imported."""
        if not (isinstance(value, ModuleType) and isinstance(vars(self).get(name), Control)):
            super().__setattr__(name, value)


def controls_of(package: str, *names: str) -> tuple[Control, ...]:
    """Return the controls of an area in this order, and make them names of its package.

    A control that is not in the index yet is read at once.
    """
    module = sys.modules[package]
    module.__class__ = _Area
    area = package.rpartition(".")[2]
    for name in names:
        known = INDEX.get(f"{area}.{name}")
        made = _indexed(area, name, known) if known else getattr(importlib.import_module(f"{package}.{name}"), name)
        vars(module)[name] = made
    return tuple(vars(module)[name] for name in names)


def _indexed(area: str, name: str, known: tuple[object, ...]) -> Control:
    """Return a control of which the index alone is known; `Control.__getattr__` reads the rest."""
    control = Control.__new__(Control)
    put = object.__setattr__
    put(control, "area", area)
    put(control, "name", name)
    for field, value in zip(INDEXED, known, strict=True):
        put(control, field, value)
    put(control, "severity", Severity(control.severity))
    put(control, "family", Family(control.family))
    return control
