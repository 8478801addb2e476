"""What a module of this library imports, read from its source: for archives that carry a part of it.

Archives are put together during synthesis, so no module is parsed: the sources are formatted, and a test compares the
imports of every module with those that its syntax tree has.
"""

from __future__ import annotations

import importlib.resources
import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

ROOT: Final = "hardened_eks"
_FOR_TYPES: Final = re.compile(r"^( *)if TYPE_CHECKING:\n(?:\1 +\S.*\n|\n)*", re.MULTILINE)
"""An import for type checkers, up to the next line that is not indented more."""
_IMPORT: Final = re.compile(
    rf"^ *(?:from ({ROOT}(?:\.\w+)*) import (?:\(([^)]*)\)|(.+))|import ({ROOT}[\w., ]*))", re.MULTILINE
)
_COMMENT: Final = re.compile(r"#.*")


def at(name: str) -> Traversable:
    """Return where a module or package of this library is."""
    return _root().joinpath(*name.split(".")[1:])


@cache
def _root() -> Traversable:
    return importlib.resources.files(ROOT)


@cache
def names_in(package: str) -> frozenset[str]:
    """Return the names of the files and folders of a package of this library; a module has none."""
    here = at(package)
    return frozenset(one.name for one in here.iterdir()) if here.is_dir() else frozenset()


@cache
def _is_module(name: str) -> bool:
    parent, _, last = name.rpartition(".")
    return f"{last}.py" in names_in(parent) or (last in names_in(parent) and at(name).is_dir())


def imports(source: str) -> Iterator[str]:
    """Yield the modules of this package that a module imports, anywhere but for type checkers."""
    code = "".join(source.split('"""')[::2])  # without the strings between, which may have examples
    for match in _IMPORT.finditer(_FOR_TYPES.sub("", code)):
        package, several, few, plain = match.groups()
        names = [one.split()[0] for one in _COMMENT.sub("", several or few or plain).split(",") if one.strip()]
        if plain:
            yield from (name for name in names if name.split(".")[0] == ROOT)
        else:
            for name in names:
                whole = f"{package}.{name}"
                yield whole if _is_module(whole) else package
