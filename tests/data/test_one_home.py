"""A fact stands once: constructs and controls read the same data, and data checks nobody's arguments."""

import ast
from pathlib import Path

import pytest

import hardened_eks

PACKAGE = Path(hardened_eks.__file__).parent
HOMES = {
    "3653": "data/retention.py",
    '("api", "audit", "authenticator"': "data/log_types.py",
    '"AmazonSagemakerHyperpodSpacePolicy"': "data/access_policies.py",
    r"\$\{[^}]*\}": "evidence/expressions.py",
}


@pytest.mark.parametrize(("fact", "home"), HOMES.items(), ids=HOMES.values())
def test_a_fact_stands_once(fact: str, home: str) -> None:
    where = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if fact in path.read_text("utf-8")]
    assert where == [home], f"import it from {home}"


def test_data_checks_no_arguments() -> None:
    checks = [
        f"{path.name}: {node.name}"
        for path in (PACKAGE / "data").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.endswith("_problems")
    ]
    assert checks == [], "what an argument must look like is the construct's business: hardened_eks/_retention.py"
