"""Each small app of examples/ passes the catalogue, and its picture and its page show what it is."""

import re

import pytest

from docs.pictures import BLUEPRINTS, pictures
from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources import load
from tests.examples.blueprints import FOLDER, NAMES, ROOT, Blueprint

WAIVED = {"regulated": {"LG-08"}, "shared_vpc": {"ND-08"}}
"""What the apps waive in code, with the reason beside it."""
UNSEEN = {"shared_vpc": {"DP-14"}}
"""What no template of the app shows, since another account has it."""


@pytest.fixture(scope="module")
def outcome(blueprint: Blueprint) -> Outcome:
    loaded = load([str(blueprint.directory)])
    return evaluate(loaded.assembly, CATALOGUE, waivers=loaded.waivers)


def test_there_is_one_of_each_kind() -> None:
    assert NAMES == ["batch", "payments", "platform", "regulated", "shared_vpc"]
    assert [path.parent.name for path in BLUEPRINTS] == NAMES


def test_nothing_is_found(blueprint: Blueprint, outcome: Outcome) -> None:
    assert [(one.control.id, one.message) for one in outcome.findings] == []
    assert {one.control.id for one in outcome.waived} == WAIVED.get(blueprint.name, set())
    assert {one.control.id for one in outcome.unseen} == UNSEEN.get(blueprint.name, set())


def test_stacks_cannot_be_deleted_by_mistake(blueprint: Blueprint) -> None:
    source = (FOLDER / blueprint.name / "app.py").read_text(encoding="utf-8")
    assert "termination_protection=True" in source


def test_the_pictures_are_of_this_app(blueprint: Blueprint) -> None:
    for path, text in pictures(FOLDER / blueprint.name / "app.py", blueprint.directory).items():
        assert path.read_text(encoding="utf-8") == text, "stale, run `make pictures`"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_fits_one_screen_and_its_files_are_there(name: str) -> None:
    page = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 45
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)|(?:src|srcset)=\"([^\"]+)", page)
    assert [found for found in map("".join, targets) if not (FOLDER / name / found).exists()] == []
    assert {"diagram-light.svg", "diagram-dark.svg"} <= set(map("".join, targets))


def test_the_list_names_them_all() -> None:
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"]({name}/README.md)" not in page] == []
