"""The chart of the node termination handler is the one that the page installs, read from somewhere on some day."""

import re
from datetime import date
from pathlib import Path

from hardened_eks.data import termination_handler

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "choose-nodes.md"


def test_the_page_installs_this_chart() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"{termination_handler.CHART} --version {termination_handler.VERSION} " in page
    assert termination_handler.IMAGE in page


def test_it_was_read_from_a_commit() -> None:
    assert re.search(r"/blob/[0-9a-f]{40}/", termination_handler.SOURCE)
    assert date.fromisoformat(termination_handler._DOCUMENT["read"]) >= date(2026, 11, 29)
