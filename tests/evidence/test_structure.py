"""The modules of the evidence stand in one line: none imports a later one, for type checking neither."""

import ast
from pathlib import Path

import hardened_eks.evidence

HERE = Path(hardened_eks.evidence.__file__).parent
ORDER = (
    "unknown", "leaves", "expressions", "worst", "intrinsics", "rendering", "left_open", "noting", "condition_values", "conditions", "adapted", "objects", "resource",
    "identifiers", "environment", "directory",
    "graph", "outputs", "assembly", "subject", "waiver",
)  # fmt: skip


def imported(module: str) -> set[str]:
    """Return the modules of the package that a module's source imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "hardened_eks.evidence":
            found |= {alias.name if (HERE / f"{alias.name}.py").is_file() else "__init__" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hardened_eks.evidence."):
            found.add((node.module or "").split(".")[2])
    return found


def test_no_module_imports_a_later_one() -> None:
    for place, module in enumerate(ORDER):
        assert imported(module) <= set(ORDER[:place]), module


def test_the_line_is_complete() -> None:
    others = {"__init__", "policies"}  # made of all of these, and used by none
    assert {file.stem for file in HERE.glob("*.py")} == {*ORDER, *others}
