"""The page of the controls: every control has a row that the filters can find, and every choice has its rule."""

import re
from pathlib import Path

import pytest

from docs.catalogue import choices, page, style
from hardened_eks.controls import CATALOGUE

ROWS = [line for line in page("").splitlines() if line.startswith("| <span ")]


def rows(name: str, value: str) -> list[str]:
    """Return the rows that have a value of a filter."""
    return [row for row in ROWS if value in re.search(rf'data-{name}="([^"]*)"', row)[1].split()]  # type: ignore[index]


def test_every_control_has_a_row() -> None:
    assert [re.search(r"\[(\w+-\d+)\]", row)[1] for row in ROWS] == [one.id for one in CATALOGUE]  # type: ignore[index]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in choices().items() for value in values])
def test_every_choice_shows_something_and_has_a_rule(name: str, value: str) -> None:
    assert rows(name, value)
    assert style().count(f'#by-{name} option[value="{value}"]:checked') == 1
    assert f'[data-{name}~="{value}"]' in style()


def test_enforced_and_checked_are_all() -> None:
    assert len(rows("enforced", "yes")) == len([one for one in CATALOGUE if one.enforced_by])
    assert len(rows("enforced", "yes")) + len(rows("enforced", "no")) == len(CATALOGUE)


def test_github_shows_no_filter() -> None:
    """It drops the elements and keeps their text, so there must be none."""
    html = re.search(r'<div class="catalogue".*?</div>', page(""), re.DOTALL)
    assert html is not None
    assert re.sub(r"<[^>]*>", "", html[0]).strip() == ""


def test_the_style_sheet_is_loaded() -> None:
    config = (Path(__file__).parents[2] / "mkdocs.yml").read_text(encoding="utf-8")
    assert "assets/catalogue.css" in config
