"""Controls of the team, from installed packages, modules and code, in addition to those of this library."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _startup
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control
from hardened_eks.judging.selection import clashes

if TYPE_CHECKING:
    from types import ModuleType

GROUP: Final = "hardened_eks.controls"
"""The entry-point group. Each entry point names a `Control` or an iterable of them."""


def with_own(extra: object = (), modules: Iterable[str] = ()) -> tuple[tuple[Control, ...], list[str]]:
    """Return the catalog with the controls of the team, and a sentence for each mistake.

    Args:
        extra: the caller's own controls, a `Control` or an iterable of them.
        modules: names of importable modules, or paths of ``.py`` files, with controls at their top level or in
            ``CONTROLS``. A module is imported: its code runs.
    """
    mistakes: list[str] = []
    found: list[Control] = [*CATALOGUE]
    by_packages, errors = installed()
    found += by_packages
    mistakes += errors
    for module in modules:
        try:
            found += from_module(module)
        except ValueError as error:
            mistakes.append(str(error))
    try:
        found += _controls(extra, "extra") if extra not in ((), []) else ()
    except ValueError as error:
        mistakes.append(str(error))
    together = tuple(dict.fromkeys(found))
    return together, [*mistakes, *clashes(together)]


@cache
def installed() -> tuple[tuple[Control, ...], tuple[str, ...]]:
    """Return the controls from entry points of installed packages, and a sentence for each broken one."""
    found: list[Control] = []
    mistakes: list[str] = []
    if not _announced():
        return (), ()
    try:
        with _startup.quick():
            from importlib import metadata

            points = sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    except Exception as error:  # noqa: BLE001 - it reads the files of other packages
        return (), (f"the entry points {GROUP} cannot be read: {_reason(error)}",)
    for point in points:
        package = f" of {point.dist.name}" if point.dist else ""
        name = f"the entry point {point.name} = {point.value}{package} ({GROUP})"
        try:
            found += _controls(point.load(), name)
        except ValueError as error:
            mistakes.append(str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it runs the code of another package
            mistakes.append(f"{name} cannot be loaded: {_reason(error)}")
    return tuple(found), tuple(mistakes)


def _announced() -> bool:
    """Return whether an installed package may define the entry-point group.

    Importing importlib.metadata takes about a tenth of the time to check a small template; reading the same files
    directly takes a hundredth.
    """
    finders = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")]
    if finders != [PathFinder]:
        return True
    for folder in dict.fromkeys(sys.path):
        try:
            with os.scandir(folder or ".") as entries:
                if any(map(_may_bring_controls, entries)):
                    return True
        except NotADirectoryError:  # a zip file
            return True
        except OSError:  # importlib.metadata skips it, too
            continue
    return False


def _may_bring_controls(entry: os.DirEntry[str]) -> bool:
    if not entry.name.endswith((".dist-info", ".egg-info")):
        return entry.name.endswith(".egg")
    try:
        with open(f"{entry.path}/entry_points.txt", "rb") as file:  # noqa: PTH123 - a Path costs more than the reading
            return GROUP.encode() in file.read()
    except OSError:  # it has none
        return False


def from_module(name: str) -> tuple[Control, ...]:
    """Return the controls of a module: those in its ``CONTROLS``, or all at its top level.

    Raises:
        ValueError: the module cannot be imported or has no control.
    """
    try:
        module = _file(Path(name)) if name.endswith(".py") else importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise ValueError(f"the module {name!r} cannot be imported: {_reason(error)}") from error
    listed = getattr(module, "CONTROLS", None)
    if listed is not None:
        return _controls(listed, f"CONTROLS of {name}")
    found = tuple(dict.fromkeys(value for value in vars(module).values() if isinstance(value, Control)))
    if not found:
        raise ValueError(f"the module {name!r} has neither a control at its top level nor a list CONTROLS")
    return found


def _file(path: Path) -> ModuleType:
    """Import a file only once, however it was first imported, so that its controls are the same objects."""
    file = path.resolve(strict=True)
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get("__file__") == str(file):
            return module
    name = f"hardened_eks_own_{file.stem}_{abs(hash(str(file)))}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _controls(value: Any, name: str) -> tuple[Control, ...]:
    """Return one control or several as a list.

    Raises:
        ValueError: the value is something else, or empty.
    """
    several = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else (value,)
    wrong = [repr(one) for one in several if not isinstance(one, Control)]
    if wrong or not several:
        got = f"{wrong[0]}: is the decorator @control(...) missing?" if wrong else "none"
        raise ValueError(f"{name} needs a control object or a list of them, got {got}")
    return several


def _reason(error: BaseException) -> str:
    """Return the error in one line, with the place in the code that raised it."""
    import traceback

    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith("<frozen")]
    here = [f for f in frames if f.filename != __file__ and "importlib" not in f.filename]
    place = f" ({here[-1].filename}:{here[-1].lineno})" if here else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"
