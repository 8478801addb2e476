"""Old import paths warn and give the same objects; nothing of ours uses them."""

import ast
import importlib
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOVED = {
    "templates": (
        "sources",
        ("STDIN", "InputProblem", "Loaded", "UnusableInputError", "from_bodies", "load", "load_stacks"),
    ),
    "controls.evidence": ("evidence", ("ABSENT", "Unknown", "Resource", "Template", "Assembly")),
    "controls.evaluation": ("judging.evaluation", ("Finding", "Outcome", "evaluate")),
    "controls.policies": (
        "evidence.policies",
        ("CALLER_KEYS", "Statement", "requires", "matches", "statements", "texts"),
    ),
    "controls.intrinsics": ("evidence.intrinsics", ("LATER", "is_intrinsic", "resolve", "condition", "text")),
    "controls.waivers": ("judging.waivers", ("WaiverStatus", "WaiverState", "Ledger", "judge")),
    "controls.selection": ("judging.selection", ("find", "nearest", "select")),
}
DATA = [("controls.waivers", "evidence.waiver", name) for name in ("METADATA_KEY", "WARNING_PERIOD", "Waiver")]
NAMES = DATA + [(old, new, name) for old, (new, names) in MOVED.items() for name in names]


@pytest.mark.parametrize(("old", "new", "name"), NAMES, ids=[f"{old}.{name}" for old, _, name in NAMES])
def test_an_old_path_warns_and_gives_the_same_object(old: str, new: str, name: str) -> None:
    module = importlib.import_module(f"hardened_eks.{old}")
    with pytest.warns(DeprecationWarning) as caught:
        found = getattr(module, name)
    (warning,) = caught
    assert found is getattr(importlib.import_module(f"hardened_eks.{new}"), name)
    assert str(warning.message).startswith(f"hardened_eks.{old}.{name} is now hardened_eks.")
    assert warning.filename == __file__


def test_enforcement_is_in_the_controls() -> None:
    from hardened_eks import enforcement
    from hardened_eks.controls import CATALOGUE

    with pytest.warns(
        DeprecationWarning, match="hardened_eks.enforcement.ENFORCES is now Control.enforced_by"
    ) as caught:
        enforces = enforcement.ENFORCES
    assert caught[0].filename == __file__
    assert {control: name for name, controls in enforces.items() for control in controls} == {
        control: control.enforced_by for control in CATALOGUE if control.enforced_by
    }


def test_the_warning_stands_at_the_import_of_the_user(tmp_path: Path) -> None:
    user = tmp_path / "user.py"
    user.write_text("from hardened_eks.controls.evidence import Assembly, Resource\n")
    done = subprocess.run([sys.executable, str(user)], check=True, capture_output=True, text=True)
    shown = [line for line in done.stderr.splitlines() if "DeprecationWarning" in line]
    assert [line.partition(" DeprecationWarning: ")[0] for line in shown] == [f"{user}:1:"] * 2


@pytest.mark.parametrize("old", [*MOVED, "enforcement"])
def test_fails_on_a_name_that_never_was(old: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = importlib.import_module(f"hardened_eks.{old}")
        with pytest.raises(AttributeError, match=f"module 'hardened_eks.{old}' has no attribute 'nonsense'"):
            module.nonsense  # noqa: B018
        assert not hasattr(module, "__wrapped__")


def test_nothing_of_ours_uses_an_old_path() -> None:
    old = {f"hardened_eks.{name}" for name in [*MOVED, "enforcement"]}
    used = []
    for folder in ("hardened_eks", "stacks", "docs", "benchmarks", "tests"):
        for file in (ROOT / folder).rglob("*.py"):
            if ".venv" in file.parts:  # of a peer that is measured
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                module = getattr(node, "module", None)
                paths = {str(module), *(f"{module}.{name}" for name in names), *names} if names else set()
                used += [f"{file.relative_to(ROOT)}: {path}" for path in paths & old if file != Path(__file__)]
    assert used == []
