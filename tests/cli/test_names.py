"""An option or argument that names a file: an empty name, as of a variable without a value, is the working directory."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import CompletionItem

from hardened_eks.cli import group
from hardened_eks.cli._names import NAME
from tests.cli.test_check import run

OF_FILES = {"DIR", "FILE", "FOLDER", "PATH", "[FORMAT=]FILE"}
PUBLIC = {"Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": {}}}}
SAID = "the name is empty: check that the variable in your command has a value"


def commands(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from commands(found, f"{name} {child}".strip())


def test_each_name_of_a_file_has_the_type() -> None:
    named = [
        (f"{name} {param.name}", param.type)
        for name, command in commands(group)
        for param in command.params
        if param.name in {"paths", "settings"} or getattr(param, "metavar", None) in OF_FILES
    ]
    assert len(named) > 25
    assert [name for name, type_ in named if type_ is not NAME] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", ""),
        ("check", "a.json", "--against", ""),
        ("check", "a.json", "--waivers="),
        ("diagram", ""),
        ("evidence", "", "--output", "out"),
        ("upgrade", "--to", "1.37", ""),
        ("manifests", "--output", ""),
        ("guardrails", "--output", ""),
        ("hook", "package", "--output", ""),
        ("controls", "config-pack", "--region", "eu-west-1", "--output", ""),
    ],
    ids=" ".join,
)
def test_an_empty_name_is_not_the_working_directory(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(json.dumps(PUBLIC))
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ") and line.endswith(f": {SAID}")
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def test_a_format_without_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(PUBLIC))
    result = run("check", str(tmp_path / "a.json"), "--output", "sarif=")
    assert result.stderr == "error: --output: cannot be written: the name of the file is empty\n"


def test_the_shell_completes_the_names_of_files() -> None:
    (item,) = NAME.shell_complete(click.Context(group), click.Option(["--output"]), "clu")
    assert (item.value, item.type) == (CompletionItem("clu").value, "file")
