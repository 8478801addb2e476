"""What a module of this library imports, read from its source: for archives that carry a part of it."""

from __future__ import annotations

import ast
import importlib.resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

ROOT: Final = "hardened_eks"


def at(name: str) -> Traversable:
    """Return where a module or package of this library is."""
    return importlib.resources.files(ROOT).joinpath(*name.split(".")[1:])


def below(package: str) -> list[str]:
    """Return the modules and packages directly in a package of this library, in order."""
    names = [entry.name for entry in at(package).iterdir() if entry.is_dir() or entry.name.endswith(".py")]
    hidden = {"__init__.py", "__pycache__"}
    return sorted(f"{package}.{name.removesuffix('.py')}" for name in names if name not in hidden)


def _is_module(name: str) -> bool:
    parent, _, last = name.rpartition(".")
    return at(name).is_dir() or at(parent).joinpath(f"{last}.py").is_file()


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules of this package that a module imports, anywhere but for type checkers."""
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
        elif not isinstance(node, ast.expr):  # an expression imports nothing, and most nodes are in one
            yield from imports(node)
