"""The tutorials can be followed, as far as that shows without running them: `make walk` runs them."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from hardened_eks.cli import group
from tools.walk.blocks import Block, missing, of_html, of_markdown

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs/tutorial").glob("*.md"))
PROGRAMS = {
    "mkdir",
    "python3",
    "pip",
    "npm",
    "npx",
    "make",
    "export",
    "aws",
    "hardened-eks",
    "ls",
    "kubectl",
    ".",
    "cd",
}
"""What a reader has by what the pages say, or by an earlier step."""


def words(command: str) -> list[list[str]]:
    """Return the words of each part of a line."""
    return [shlex.split(part) for part in command.split(" && ")]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
class TestEachPage:
    def test_says_what_to_do_with_each_block(self, page: Path) -> None:
        blocks = of_markdown(page.read_text(encoding="utf-8"))
        assert blocks
        for block in blocks:
            assert block.file or block.inserted or block.commands or (block.second and block.output), block.text

    def test_types_commands_that_a_reader_has(self, page: Path) -> None:
        for block in of_markdown(page.read_text(encoding="utf-8")):
            for command in block.commands:
                for part in words(command):
                    assert part[0] in PROGRAMS, command
                    if part[0] == "hardened-eks":
                        found = group.get_command(click.Context(group), part[1])
                        assert found is not None, command
                        found.make_context(part[1], part[2:], resilient_parsing=True)
                    elif part[0] == "make":
                        target = rf"^{part[-1]}:"
                        assert re.search(target, (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), command

    def test_saves_a_file_before_a_command_reads_it(self, page: Path) -> None:
        saved: set[str] = set()
        for block in of_markdown(page.read_text(encoding="utf-8")):
            saved |= {block.file} - {""}
            assert block.inserted is None or block.inserted[0] in saved
            for command in block.commands:
                assert set(re.findall(r"[\w-]+\.ya?ml", command)) <= saved, command
                assert not command.startswith("npx cdk") or {"app.py", "cdk.json"} <= saved


class TestTheFirstCluster:
    PAGE = of_markdown((ROOT / "docs/tutorial/first-cluster.md").read_text(encoding="utf-8"))

    def test_ends_with_an_alert_about_what_was_opened(self) -> None:
        commands = [command for block in self.PAGE for command in block.commands]
        order = ["make -C ../hardened_eks emulator", "npx cdk bootstrap", "npx cdk deploy", "endpointPublicAccess=true"]
        at = [next(n for n, command in enumerate(commands) if part in command) for part in order]
        assert at == sorted(at)
        (alert,) = (block for block in self.PAGE if block.second and block.output)
        assert alert.output[0] == "e-mail to on-call@example.com:"
        assert "CRITICAL" in alert.output[1]

    def test_installs_the_cdk_that_is_tested(self) -> None:
        (install,) = (command for block in self.PAGE for command in block.commands if command.startswith("npm install"))
        package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
        assert install == f"npm install aws-cdk@{package['devDependencies']['aws-cdk']}"


BUILT = """
<p>Text <code>aws</code></p>
<div class="language-python highlight"><span class="filename">app.py, before app.synth()</span><pre><span></span><code>\
<span class="n">a</span><span class="o">=</span>&quot;b&quot;
</code></pre></div>
<div class="language-sh highlight"><pre><span></span><code>a<span class="w"> </span>b <span class="se">\\</span>
  c
<span class="c1"># a comment</span>
</code></pre></div>
<div class="language-text highlight"><span class="filename">second terminal</span><pre><code>one
...
  two
</code></pre></div>
"""


def test_a_built_page() -> None:
    python, script, text = of_html(BUILT)
    assert (python.language, python.inserted, python.text) == ("python", ("app.py", "app.synth()"), 'a="b"\n')
    assert script.commands == ["a b    c"]
    assert (text.second, text.output) == (True, ["one", "  two"])


@pytest.mark.parametrize(
    ("block", "file"),
    [
        (Block("yaml", "", "# web.yaml\na: 1\n"), "web.yaml"),
        (Block("yaml", "", "a: 1 # web.yaml\n"), ""),
        (Block("json", "cdk.json", "{}"), "cdk.json"),
        (Block("sh", "second terminal", "make"), ""),
    ],
)
def test_the_file_of_a_block(block: Block, file: str) -> None:
    assert block.file == file


def test_lines_are_looked_for_in_their_order() -> None:
    shown = "first line and more\nnoise\n   second\n"
    assert list(missing(["first line", "second"], shown)) == []
    assert list(missing(["second", "first"], shown)) == ["first"]
    assert list(missing(["more"], shown)) == ["more"], "a line is known by its beginning"
