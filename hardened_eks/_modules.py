"""The imports of a module of this library, read from its source, for archives with a part of the library.

Archives are put together during synthesis, so no module is parsed: the sources are formatted, and a test compares the
imports of every module with those that its syntax tree has.
"""

from __future__ import annotations

import importlib.resources
from functools import cache
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

ROOT: Final = "hardened_eks"
_FOR_TYPES: Final = "if TYPE_CHECKING:\n"
_FROM: Final = regex(rf"from ({ROOT}(?:\.\w+)*) import (?:\(([^)]*)\)|(.+))")
_PLAIN: Final = regex(rf"import ({ROOT}[\w., ]*)")
_COMMENT: Final = regex(r"#.*")


@cache
def at(name: str) -> Traversable:
    """Return the path of a module or package of this library."""
    return _root().joinpath(*name.split(".")[1:])


@cache
def _root() -> Traversable:
    return importlib.resources.files(ROOT)


@cache
def names_in(package: str) -> frozenset[str]:
    """Return the names of the files and folders of a package of this library; a module has none."""
    here = at(package)
    return frozenset(one.name for one in here.iterdir()) if here.is_dir() else frozenset()


def below(package: str) -> list[str]:
    """Return the modules and packages directly in a package of this library, in order."""
    names = [entry.name for entry in at(package).iterdir() if entry.is_dir() or entry.name.endswith(".py")]
    hidden = {"__init__.py", "__pycache__"}
    return sorted(f"{package}.{name.removesuffix('.py')}" for name in names if name not in hidden)


@cache
def _is_module(name: str) -> bool:
    parent, _, last = name.rpartition(".")
    return f"{last}.py" in names_in(parent) or (last in names_in(parent) and at(name).is_dir())


def imports(source: str) -> Iterator[str]:
    """Yield the modules of this package that a module imports, except imports for type checkers."""
    code = _run("".join(source.split('"""')[::2]))  # without the strings between, which may have examples
    for match in _statements(_FROM, code):
        package, several, few = match.groups()
        for name in _names(several or few):
            whole = f"{package}.{name}"
            yield whole if _is_module(whole) else package
    for match in _statements(_PLAIN, code):
        yield from (name for name in _names(match[1]) if name.split(".")[0] == ROOT)


def _run(code: str) -> str:
    """Return the code without the blocks for type checkers, each up to the next line that is not indented more."""
    kept, start = [], 0
    while (found := code.find(_FOR_TYPES, start)) >= 0:
        line = code.rfind("\n", 0, found) + 1
        kept.append(code[start:line])
        start = found + len(_FOR_TYPES)
        deeper = " " * (found - line + 1)
        while start < len(code):
            end = code.find("\n", start) + 1 or len(code)
            if code[start:end].strip() and not code.startswith(deeper, start):
                break
            start = end
    return "".join((*kept, code[start:]))


def _statements(pattern: re.Pattern[str], code: str) -> Iterator[re.Match[str]]:
    """Yield the matches with nothing before them in their line."""
    for match in pattern.finditer(code):
        if not code[code.rfind("\n", 0, match.start()) + 1 : match.start()].strip():
            yield match


def _names(listed: str) -> list[str]:
    code = _COMMENT.sub("", listed) if "#" in listed else listed
    return [one.split()[0] for one in code.split(",") if one.strip()]
