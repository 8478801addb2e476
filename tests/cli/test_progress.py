"""How far an audit is: on a terminal alone, and on the standard error."""

import io
import sys

import pytest

from hardened_eks.cli._progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("regions", "words"), [(1, "reading from AWS"), (3, "Region 1 of 3")])
def test_a_terminal_is_told(monkeypatch: pytest.MonkeyPatch, regions: int, words: str) -> None:
    errors, output = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress() as show:
        show(0, regions, 3, 12)
    assert words in errors.getvalue()
    assert "3/12" in errors.getvalue()
    assert output.getvalue() == ""


def test_a_file_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    with progress() as show:
        show(0, 1, 3, 12)
    assert errors.getvalue() == ""
