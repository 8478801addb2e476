"""The controls of the index whose files are not imported yet, and how the rest of their fields is read."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from operator import attrgetter, itemgetter
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hardened_eks.controls.model import Control

INDEXED: Final = ("id", "types", "severity", "family", "needs", "evidence", "absence")
"""The fields of a control in `hardened_eks.controls._index`, besides area and name."""
FIRST: Final = frozenset({"area", "name", *INDEXED})
"""The fields that are known before the file of a control is imported."""
_AREAS: Final = "hardened_eks.controls."
_READING: Final = RLock()
UNREAD: Final[dict[str, Control]] = {}
"""The controls that the package of an area created from the index and whose files are not imported yet, by area and
name: ``network.flow_logs``."""
_of_control: Final = attrgetter(*INDEXED)
_of_fields: Final = itemgetter(*INDEXED)


def completed(known: Control, written: dict[str, Any]) -> Control:
    """Return the control of the index with the other fields of its file.

    Raises:
        RuntimeError: the index differs from the file of the control.
    """
    if _of_control(known) != _of_fields(written):
        raise RuntimeError(f"the index is older than {known.id} {known.name}: run python -m tools.control_index")
    for name in written.keys() - FIRST:
        object.__setattr__(known, name, written[name])
    del UNREAD[f"{known.area}.{known.name}"]
    return known


def read(control: Control) -> None:
    """Import the file of a control of the index.

    The folder is that of the area's package, so nothing is searched: the search is a quarter of an import. An archive
    and an import hook have loaders of their own, which `import_module` asks.
    """
    package = sys.modules[f"{_AREAS}{control.area}"]
    name, path = f"{package.__name__}.{control.name}", f"{package.__path__[0]}/{control.name}.py"
    with _READING:
        if name in sys.modules or type(package.__loader__) is not SourceFileLoader:
            importlib.import_module(name)
            return
        module = sys.modules[name] = ModuleType(name)
        module.__file__, module.__package__ = path, package.__name__
        module.__loader__ = loader = SourceFileLoader(name, path)
        module.__spec__ = spec = ModuleSpec(name, loader, origin=path)
        spec.has_location = True
        try:
            loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
