"""The controls of an area. The file of a control is imported when somebody needs a field that the index does not have.

A third of the catalog evaluates types that the reference cluster does not have. To import those files would make every
synthesis slower without any effect.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Final

from hardened_eks.controls._index import INDEX
from hardened_eks.controls._reading import INDEXED, UNREAD
from hardened_eks.controls.model import Control

_PUT: Final = tuple(getattr(Control, name).__set__ for name in ("area", "name", *INDEXED))


class _Area(ModuleType):
    """The package of an area. Its names are controls, not the modules of the same names."""

    def __setattr__(self, name: str, value: object) -> None:
        """Keep a control when Python binds the module of the same name after an import."""
        if not (isinstance(value, ModuleType) and isinstance(vars(self).get(name), Control)):
            super().__setattr__(name, value)


def controls_of(package: str, *names: str) -> tuple[Control, ...]:
    """Return the controls of an area in this order, and bind them in its package.

    A control that is not in the index yet is imported at once.
    """
    module = sys.modules[package]
    module.__class__ = _Area
    area = package.rpartition(".")[2]
    for name in names:
        whole = f"{area}.{name}"
        if known := INDEX.get(whole):
            made = UNREAD[whole] = _indexed(area, name, known)
        else:
            made = getattr(importlib.import_module(f"{package}.{name}"), name)
        vars(module)[name] = made
    return tuple(vars(module)[name] for name in names)


def _indexed(area: str, name: str, known: tuple[object, ...]) -> Control:
    """Return a control with the fields of the index; `Control.__getattr__` imports the rest."""
    control = Control.__new__(Control)
    for put, value in zip(_PUT, (area, name, *known), strict=True):
        put(control, value)
    return control
