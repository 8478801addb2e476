"""What `make dist` copies beside the wheel is what its tests import. That they pass there, `make dist` shows."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools import dist

OURS = {path.name for path in dist.ROOT.iterdir() if (path / "__init__.py").is_file()}


def files() -> Iterator[Path]:
    for name in dist.TESTED:
        path = dist.ROOT / "tests" / name
        yield from path.rglob("*.py") if path.is_dir() else (path,)


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).partition(".")[0]


def test_each_folder_that_a_test_imports_is_copied() -> None:
    assert {"tools", "benchmarks", "hardened_eks"} <= OURS
    needed = {name for file in files() for name in imported(file)} & OURS
    assert needed <= {*dist.BESIDE, "hardened_eks"}


def test_the_package_itself_is_not_copied() -> None:
    assert "hardened_eks" not in dist.BESIDE


def test_the_bill_of_materials_names_the_release_and_what_it_needs_alone() -> None:
    """An environment also has what Python put there: pip, and before 3.12 setuptools."""
    names = ("click", "rich", "pygments", "pip", "setuptools")
    parts = [{"bom-ref": f"{name}==1", "name": name, "version": "1"} for name in names]
    needed = [
        {"ref": "root-component", "dependsOn": ["click==1", "rich==1"]},
        {"ref": "click==1"},
        {"ref": "rich==1", "dependsOn": ["pygments==1"]},
        {"ref": "pygments==1", "dependsOn": ["rich==1"]},
    ]
    document = {
        "metadata": {"component": {"bom-ref": "root-component", "name": "hardened-eks"}},
        "components": parts,
        "dependencies": [*needed, {"ref": "pip==1"}, {"ref": "setuptools==1", "dependsOn": ["pip==1", "click==1"]}],
    }
    bill = dist.of_release(document, "1.2.3")
    assert bill["metadata"]["component"]["version"] == "1.2.3"
    assert bill["components"] == parts[:3]
    assert bill["dependencies"] == needed
