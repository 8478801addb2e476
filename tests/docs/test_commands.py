"""Every command line of the guides has one class: how `make guides` runs it, or why it cannot run here."""

import re
from collections import Counter

import pytest

from hardened_eks.sources.account import sdk
from tests.guides import ours
from tests.guides.call import ELSEWHERE
from tests.guides.lines import ROOT, Line, is_complete, lines, of_page
from tests.guides.outcomes import CLASSES, read, worst
from tests.guides.standins import STANDINS, Refused

LINES = [line for line in lines() if not line.page.startswith("docs/tutorial/")]
"""`make walk` follows the tutorials."""


def unclassified(found: list[Line]) -> list[Line]:
    return [line for line in found if line.text not in read().get(line.page, {})]


def test_every_command_line_has_a_class() -> None:
    assert len(LINES) > 200
    assert unclassified(LINES) == [], "new or changed: run `make guides` with GUIDES=--write, and read the diff"
    stale = [(page, text) for page, some in read().items() for text in some if Line(page, text) not in LINES]
    assert stale == [], "no longer on the page: run `make guides` with GUIDES=--write"


def test_a_new_command_line_has_none() -> None:
    assert unclassified([Line("README.md", "hardened-eks check other.yaml")]) != []


def test_every_class_is_known_and_every_exception_has_a_reason() -> None:
    for page, some in read().items():
        for text, (kind, reason) in some.items():
            assert kind in CLASSES, f"{page}: {text}: {reason}"
            assert bool(reason) == (kind != "run"), f"{page}: {text}"


def test_most_run() -> None:
    kinds = Counter(kind for some in read().values() for kind, _ in some.values())
    assert kinds["run"] > 0.5 * kinds.total()


def test_what_can_run_does() -> None:
    """The library's own commands, and Python, have no excuse but a program that is not here."""
    for some in read().values():
        for text, (kind, reason) in some.items():
            if re.match(
                r"hardened-eks (?!image-gate|data refresh |audit .*--(?:ou|aggregator) )", text
            ) and not re.search(r"\| kubectl", text):
                assert (kind, reason) == ("run", ""), text


class TestReading:
    def test_comments_are_left_out(self) -> None:
        page = """```sh\na --b   # it's \"c\"\nd '# e' f#g  # h\ni \\\n  --j # k\n```\n"""
        assert list(of_page(page)) == ["a --b", "d '# e' f#g", "i \\\n  --j"]

    def test_consoles_show_commands_after_a_dollar(self) -> None:
        page = "1. Type\n   ```console\n   $ one \\\n       --two\n   printed\n   $ three\n   ```\n"
        assert list(of_page(page)) == ["one \\\n    --two", "three"]

    def test_scripts_have_a_command_on_each_line(self) -> None:
        page = "```sh\n# a comment\nfor a in b; do\n  c $a\ndone\n\nd |\n  e # f\n```\n```text\ng\n```\n"
        assert list(of_page(page)) == ["for a in b; do\n  c $a\ndone", "d |\n  e"]

    def test_a_command_without_an_end_is_refused(self) -> None:
        with pytest.raises(AssertionError, match="without an end"):
            list(of_page("```sh\necho 'a\n```\n"))

    def test_what_bash_cannot_read_is_refused(self) -> None:
        with pytest.raises(AssertionError, match="syntax error"):
            is_complete("a (b) c")


class TestTheClassOfALine:
    @pytest.mark.parametrize(
        ("calls", "status", "kind"),
        [
            ([], 0, "run"),
            ([], 1, "failed"),
            ([("run", 0), ("stand-in", 0)], 0, "stand-in"),
            ([("run", 1)], 1, "run"),  # findings
            ([("run", 0)], 2, "failed"),
            ([("failed", 1), ("run", 0)], 0, "failed"),
        ],
    )
    def test_is_that_of_its_worst_program(self, calls: list[tuple[str, int]], status: int, kind: str) -> None:
        assert worst([{"kind": one, "status": code, "reason": "r"} for one, code in calls], status)[0] == kind


class TestStandIns:
    @pytest.mark.parametrize(
        ("program", "arguments", "words"),
        [
            ("kubectl", "aply -f a.yaml", "aply is not"),
            ("kubectl", "apply -f nowhere.yaml", "does not exist"),
            ("kubectl", "get pods --namespac x", "no --namespac"),
            ("helm", "upgrade --install a oci://b/c", "a fixed version"),
            ("helm", "show crds oci://b/c", "a fixed version"),
            ("helm", "show values oci://b/c", "show is not"),
            ("helm", "template web ./chart", "no chart"),
            ("docker", "pull UPPER@sha256:1", "names 0 images"),
            ("crane", "copy a.example/b:1", "names 1 images"),
        ],
    )
    def test_refuse_what_the_program_would(self, program: str, arguments: str, words: str) -> None:
        with pytest.raises(Refused, match=words):
            STANDINS[program][0](arguments.split())

    def test_have_a_reason(self) -> None:
        assert all(reason for _, reason in STANDINS.values())
        assert all(ELSEWHERE.values())


def test_ours_asks_the_emulator_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise an audit of the guides would wait for half a minute."""
    monkeypatch.setattr(sdk, "_PATIENCE", sdk._PATIENCE)  # as it was, after the test
    ours.lose_patience()
    assert vars(sdk.settings(sdk.session()))["retries"]["total_max_attempts"] == 1


def test_the_target_and_the_release_run_them() -> None:
    assert "make guides" in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    assert re.search(r"^guides:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
