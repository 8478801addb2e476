"""The specification's own validator, with GitHub's rules for code scanning, accepts our SARIF."""

import json
import platform
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import hardened_eks
from hardened_eks.reports import Report, render
from tests.programs import calendar_environment

ROOT = Path(__file__).parents[2]
TOOL = ROOT / f"node_modules/@microsoft/sarif-multitool-{sys.platform}/Sarif.Multitool"
# It would ask the network for every link of every control.
SETTINGS = """<?xml version="1.0" encoding="utf-8"?>
<Properties>
  <Properties Key="SARIF2006.UrlsShouldBeReachable.Options" Type="PropertiesDictionary">
    <Property Key="RuleEnabled" Value="Disabled" />
  </Properties>
</Properties>
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "linux" and platform.machine() != "x86_64", reason="the validator is built for x86-64 alone"
)


def judged(folder: Path, text: str) -> list[str]:
    """Return the rules of the errors and warnings."""
    assert TOOL.exists(), "the validator is not installed: run `npm ci`"
    TOOL.chmod(TOOL.stat().st_mode | stat.S_IXUSR)  # its own install script would, where npm runs such scripts
    (folder / "settings.xml").write_text(SETTINGS)
    (folder / "ours.sarif").write_text(text, encoding="utf-8")
    command = [
        str(TOOL), "validate", str(folder / "ours.sarif"), "--output", str(folder / "verdict.sarif"),
        "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--config", str(folder / "settings.xml"),
    ]  # fmt: skip
    environment = {**calendar_environment(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert (folder / "verdict.sarif").exists(), run.stdout + run.stderr
    (verdict,) = json.loads((folder / "verdict.sarif").read_text(encoding="utf-8-sig"))["runs"]
    notices = verdict["invocations"][0].get("toolExecutionNotifications", [])
    return [result["ruleId"] for result in verdict["results"]] + [notice["message"]["text"] for notice in notices]


def test_it_is_valid(tmp_path: Path, everything: Report) -> None:
    assert judged(tmp_path, render(everything, "sarif")) == []


def test_it_is_valid_when_nothing_was_examined(tmp_path: Path, nothing: Report) -> None:
    assert judged(tmp_path, render(nothing, "sarif")) == []


def test_it_is_valid_on_what_is_not_a_resource(tmp_path: Path, others: Report) -> None:
    assert judged(tmp_path, render(others, "sarif")) == []


@pytest.mark.parametrize("change", ["tool", "line", "rule"])
def test_what_is_wrong_is_found(tmp_path: Path, everything: Report, change: str) -> None:
    document = json.loads(render(everything, "sarif"))
    result = document["runs"][0]["results"][0]
    if change == "tool":
        del document["runs"][0]["tool"]
    elif change == "line":
        result["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    else:
        result["ruleIndex"] = 999
    assert judged(tmp_path, json.dumps(document)) != []


def test_no_output_links_to_a_page_that_belongs_to_nobody() -> None:
    """The name is not on PyPI, so anybody could publish a page there to which our reports would lead."""
    package = Path(hardened_eks.__file__).parent
    found = [
        f"{file.relative_to(package)}: {match}"
        for file in (*package.rglob("*.py"), *package.rglob("*.j2"))
        for match in re.findall(r"https?://[^\s\"'<>]*hardened[-_]eks[^\s\"'<>]*", file.read_text(encoding="utf-8"))
    ]
    assert found == []
