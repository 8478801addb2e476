"""pyright takes a Cluster for a ClusterLike: no property of it is a cached one to a type checker."""

import ast
from pathlib import Path

import pytest

import hardened_eks.cluster

MODULES = sorted(Path(hardened_eks.cluster.__file__).parent.glob("*.py"))
DECORATED = ("_base", "_core", "_created", "_imported")


def decorated(tree: ast.Module) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == "cached_property"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for one in function.decorator_list
    )


def for_checkers(tree: ast.Module) -> set[str]:
    """Where type checkers import ``cached_property`` from."""
    branches = [one for one in tree.body if isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING"]
    seen = [one for one in tree.body if isinstance(one, ast.ImportFrom)]
    seen += [one for branch in branches for one in branch.body if isinstance(one, ast.ImportFrom)]
    return {
        f"{one.module}.{alias.name}"
        for one in seen
        for alias in one.names
        if (alias.asname or alias.name) == "cached_property"
    }


@pytest.mark.parametrize("name", DECORATED)
def test_type_checkers_see_a_property(name: str) -> None:
    (module,) = (one for one in MODULES if one.stem == name)
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert decorated(tree)
    assert for_checkers(tree) == {"builtins.property"}
