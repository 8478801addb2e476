"""The tutorial about a namespace: its commands print what it shows. `make walk` types them, and the last one, in a terminal."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardened_eks.cli import group
from tools.walk.blocks import missing, of_markdown

PAGE = of_markdown((Path(__file__).parents[2] / "docs/tutorial/open-a-namespace.md").read_text(encoding="utf-8"))


def shown(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "ls":
        return "\n".join(sorted(file.name for file in Path(arguments[0]).iterdir()))
    assert program == "hardened-eks", command
    return CliRunner().invoke(group, arguments).output


def test_the_tutorial_says_what_its_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found: list[str] = []
    for block in PAGE:
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            text = "\n".join(shown(command) for command in block.commands)
            assert list(missing(block.output, text)) == [], text
            found += re.findall(r"^(?:passed|failed): \d+ findings", text, re.MULTILINE)
            if "failed" in text:
                assert set(re.findall(r"at +\S+, (\S+):\d+", text)) == {"web.yaml"}
    assert found == ["failed: 10 findings", "passed: 0 findings"]
    assert sorted(file.name for file in Path("baseline/namespaces").iterdir()) == ["payments.yaml", "storefront.yaml"]
