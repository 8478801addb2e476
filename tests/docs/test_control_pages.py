"""A page of a control reads as prose, shows what fails and what passes, and links the frameworks that require it."""

import re

import pytest

from docs.controls import pages
from docs.frameworks import LINKS
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import frameworks, requirements
from hardened_eks.controls.model import Control

PAGES = pages("")
SECTIONS = {
    match[1]: match[0]
    for page in PAGES.values()
    for match in re.finditer(r"^## ([A-Z]{2}-\d+) .*?(?=^<a id=|\Z)", page, re.MULTILINE | re.DOTALL)
}
ids = [control.id for control in CATALOGUE]


def test_every_framework_has_a_link() -> None:
    assert set(LINKS) == set(frameworks())


@pytest.mark.parametrize("control", CATALOGUE, ids=ids)
def test_a_section_shows_what_fails_and_what_passes(control: Control) -> None:
    section = SECTIONS[control.id]
    assert len(re.findall(r"^This (?:fails|passes):\n\n```yaml\n.+?^```$", section, re.MULTILINE | re.DOTALL)) == 2
    assert f"**Why it matters.** {control.why}" in section
    assert f"**How to fix it.** {control.fix}" in section


@pytest.mark.parametrize("control", CATALOGUE, ids=ids)
def test_a_section_links_each_framework_that_requires_it(control: Control) -> None:
    asked = {framework for key in control.requirements for framework in requirements()[key].references}
    assert [framework for framework in asked if f"]({LINKS[framework]}):" not in SECTIONS[control.id]] == []
