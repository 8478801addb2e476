"""The imports of a module of this library, read from its source, for archives with a part of the library."""

from __future__ import annotations

import ast
import importlib.resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

ROOT: Final = "hardened_eks"


def at(name: str) -> Traversable:
    """Return the path of a module or package of this library."""
    return importlib.resources.files(ROOT).joinpath(*name.split(".")[1:])


def _is_module(name: str) -> bool:
    parent, _, last = name.rpartition(".")
    return at(name).is_dir() or at(parent).joinpath(f"{last}.py").is_file()


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules of this package that a module imports, except imports for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for other in node.orelse:
                yield from imports(other)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == ROOT:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if _is_module(whole) else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == ROOT)
        elif not isinstance(node, ast.expr):  # an expression contains no import, and most nodes are in one
            yield from imports(node)
