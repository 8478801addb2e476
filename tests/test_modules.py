"""What modules import, without parsing them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hardened_eks
from hardened_eks._modules import ROOT, imports

SOURCES = sorted(Path(hardened_eks.__file__).parent.rglob("*.py"))


def is_module(name: str) -> bool:
    file = SOURCES[0].parent.joinpath(*name.split(".")[1:])
    return file.is_dir() or file.with_suffix(".py").is_file()


def parsed(tree: ast.AST) -> Iterator[str]:
    """Yield what `imports` has to, from the syntax tree."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from parsed(ast.Module(body=node.orelse, type_ignores=[]))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == ROOT:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == ROOT)
        elif not isinstance(node, ast.expr):
            yield from parsed(node)


def test_they_are_those_of_the_syntax_tree_for_every_module_of_the_library() -> None:
    """Where this fails, write the module as the formatter does, or teach `imports` its form."""
    found = {file: (sorted(set(imports(text))), sorted(set(parsed(ast.parse(text))))) for file, text in _texts()}
    assert {file: both for file, both in found.items() if both[0] != both[1]} == {}
    assert len(found) > 900 and sum(len(names) for names, _ in found.values()) > 3000


def _texts() -> Iterator[tuple[str, str]]:
    yield from ((str(file), file.read_text(encoding="utf-8")) for file in SOURCES)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from hardened_eks import errors, _code as other\n", ["hardened_eks.errors", "hardened_eks._code"]),
        ("from hardened_eks.errors import Problems  # why\n", ["hardened_eks.errors"]),
        (
            "from hardened_eks import (\n    errors,  # first, and so on\n    _code,\n)\n",
            ["hardened_eks.errors", "hardened_eks._code"],
        ),
        ("def f():\n    from hardened_eks import errors\n", ["hardened_eks.errors"]),
        ("import hardened_eks.errors as e\nimport hardened_eksy\n", ["hardened_eks.errors"]),
        ("from hardened_eks_more import errors\n", []),
        ('"""\nfrom hardened_eks import errors\n"""\n', []),
        ("if TYPE_CHECKING:\n    import os\n\n    from hardened_eks import errors\n\n\ndef f():\n"
         "    from hardened_eks import _code\n", ["hardened_eks._code"]),
        ("if TYPE_CHECKING:\n    from hardened_eks import errors\nelse:\n    from hardened_eks import _code\n",
         ["hardened_eks._code"]),
        ("def f():\n    if TYPE_CHECKING:\n        from hardened_eks import errors\n    from hardened_eks import _code\n",
         ["hardened_eks._code"]),
    ],
)  # fmt: skip
def test_forms(source: str, names: list[str]) -> None:
    assert list(imports(source)) == names
    assert list(parsed(ast.parse(source))) == names
