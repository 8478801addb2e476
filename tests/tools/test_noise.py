"""How many findings and entries an input gives."""

import json
from pathlib import Path

import pytest

from tools import noise

BARE = {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {}}}}


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Return a directory with a template, two that belong together, and two apps."""
    places = ["one.json", "both/parent.json", "both/child.json", "apps/a/manifest.json", "apps/b/manifest.json"]
    for place in places:
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(BARE), encoding="utf-8")
    return tmp_path


def test_what_belongs_together_is_one_input(inputs: Path) -> None:
    found = noise.inputs([inputs / "one.json", inputs / "both", inputs / "apps"])
    assert [str(one.relative_to(inputs)) for one in found] == ["one.json", "both", "apps/a", "apps/b"]


def test_findings_are_counted_as_the_reports_print_them(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noise.main([str(inputs / "one.json"), str(inputs / "both")])
    lines = capsys.readouterr().out.splitlines()
    one, both = (line.split() for line in lines[1:3])
    assert (one[0], both[0]) == ("one.json", "both")
    assert int(both[2]) > int(one[2]) > int(one[3]) > 1
    assert sum(map(int, one[4:])) == int(one[2])
    assert lines[3].startswith("median of 2: ")
    shown = noise.report(inputs / "one.json", library=Path(noise.__file__).parents[1], options=["--format", "text"])
    assert shown is None, "what is no JSON report is not counted"


def test_entries_are_those_of_the_text(inputs: Path) -> None:
    from click.testing import CliRunner

    from hardened_eks.cli import group

    library = Path(noise.__file__).parents[1]
    made = noise.report(inputs / "both", library=library, options=[])
    assert made
    files = [str(inputs / "both" / name) for name in ("child.json", "parent.json")]
    assert noise.entries(made) == CliRunner().invoke(group, ["check", *files]).output.count("  FAIL ")
