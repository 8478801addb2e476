"""Every example in the docs is a file that runs, and stands in the page as it is in the file."""

import re
import runpy
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))
PAGES = sorted((ROOT / "docs").rglob("*.md"))
MARK = re.compile(r"<!-- example: (?P<file>\S+) -->\n```\w+\n(?P<code>.*?)```", re.DOTALL)


# What the catalogue says of the examples; whoever copies the others is told nothing.
FOUND = {
    "break_glass_identity_center": {"IA-16"},  # its reason is the waiver, and not read here
    "fargate": {"CP-13"},  # waived in the example, which is not read here
    "egress_nat": {"NW-04"},  # a decision that the page says how to record
    "throwaway_cluster": {"CP-10", "LG-12"},  # what it is about
}
OF_ONE_CONTROL = {"waive_a_finding"}  # beside a cluster that is as bare as can be
DATED = {"fargate", "waive_a_finding"}  # their waivers end on a day, and have to fail after it; the others pass on any


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.stem for e in EXAMPLES])
def test_example_runs_and_passes(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if example.stem not in DATED:
        request.getfixturevalue("any_day")
    made: list[str] = []
    synth = cdk.App.synth

    def kept(app: cdk.App, **options: Any) -> Any:
        assembly = synth(app, **options)
        made.append(assembly.directory)
        return assembly

    monkeypatch.setattr(cdk.App, "synth", kept)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(example), run_name="__main__")
    if example.stem in OF_ONE_CONTROL:
        return
    outcomes = [evaluate(load([folder]).assembly, CATALOGUE) for folder in made]
    found = {finding.control.id for outcome in outcomes for finding in outcome.findings}
    assert found == FOUND.get(example.stem, set())


def test_pages_show_the_files() -> None:
    shown = 0
    for page in PAGES:
        for match in MARK.finditer(page.read_text(encoding="utf-8")):
            assert match["code"] == (ROOT / match["file"]).read_text(encoding="utf-8"), f"{page}: {match['file']}"
            shown += 1
    assert shown > 0


def test_every_example_is_shown_in_a_page() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [e.name for e in EXAMPLES if f"docs/examples/{e.name}" not in text] == []


def test_readme_shows_the_first_example() -> None:
    code = (ROOT / "docs/examples/first_cluster.py").read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    assert re.sub(r"\n+", "\n", code) in re.sub(r"\n+", "\n", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_links_inside_the_docs_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"
