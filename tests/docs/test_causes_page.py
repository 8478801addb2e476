"""What the page about controls says of causes and severities is what the command line prints."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardened_eks.cli import group

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/write-a-control.md").read_text(encoding="utf-8")


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the arguments of the page's command, in a directory that has its files."""
    found = re.search(r"^hardened-eks (check groups\.json .*)$", PAGE, re.MULTILINE)
    assert found
    example = ROOT / "docs/examples/cause_and_severity.py"
    (tmp_path / example.name).write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
    groups = re.search(r"```json[^\n]*\n(.*?)```", PAGE, re.DOTALL)
    assert groups
    (tmp_path / "groups.json").write_text(groups[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return found[1].split()


def test_the_page_shows_what_is_printed(arguments: list[str]) -> None:
    shown = re.search(r"command prints.*?```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    result = CliRunner().invoke(group, arguments)
    assert (result.exit_code, result.output) == (1, shown[1])


def test_machines_get_each_finding_with_its_cause_and_severity(arguments: list[str]) -> None:
    result = CliRunner().invoke(group, [*arguments, "--format", "json"])
    findings = json.loads(result.output)["findings"]
    assert [(one["control"], one["severity"], one["cause"]) for one in findings] == [
        ("ACME-03", "high", "no labels"),
        ("ACME-02", "medium", "no labels"),
        ("ACME-02", "low", ""),
    ]


def test_the_severity_of_the_finding_decides(arguments: list[str]) -> None:
    result = CliRunner().invoke(group, [*arguments, "--format", "json", "--fail-on", "medium"])
    findings = json.loads(result.output)["findings"]
    assert [one["control"] for one in findings if one["state"] == "warning"] == ["ACME-02"]
