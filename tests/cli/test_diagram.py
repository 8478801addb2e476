"""`hardened-eks diagram`: a picture or its data, on the standard output or in a file."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group

TEMPLATE = {
    "Parameters": {"Range": {"Type": "String"}},
    "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Range"}}}},
}


@pytest.fixture(autouse=True)
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.json").write_text(json.dumps(TEMPLATE))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["diagram", *arguments], catch_exceptions=False)


def test_prints_a_picture() -> None:
    result = run("t.json")
    assert result.exit_code == 0
    assert ElementTree.fromstring(result.stdout).tag.endswith("svg")
    assert "VPC Vpc: not known" in result.stdout


def test_writes_a_file_in_a_theme() -> None:
    assert run("t.json", "--theme", "dark", "--output", "c.svg").stdout == ""
    assert "prefers-color-scheme" not in Path("c.svg").read_text()


def test_data_with_a_parameter_fixed() -> None:
    result = run("t.json", "--format", "json", "-p", "Range=10.0.0.0/16")
    assert json.loads(result.stdout)["networks"][0]["range"] == "10.0.0.0/16"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.json",), "missing.json: no such file or directory"),
        (("t.json", "missing.json"), "missing.json: no such file or directory"),
        (("t.json", "--output", "no/folder/c.svg"), "no/folder/c.svg: cannot be written"),
        (("t.json", "-p", "Range"), "needs KEY=VALUE, got 'Range'"),
    ],
)
def test_refuses_what_it_cannot_draw_or_write(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
