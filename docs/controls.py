"""The reference pages of the controls, one for each area."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docs.frameworks import listed
from hardened_eks.controls import CATALOGUE
from tools.agreement.page import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.controls.model import Control

SNIPPETS: Final = Path(__file__).with_name("snippets.json")
"""A failing and a passing snippet for each control; `python -m tests.controls.snippets` writes the file."""


def pages(note: str) -> dict[str, str]:
    """Return the pages, keyed by their path below ``docs/``."""
    areas: dict[str, list[Control]] = defaultdict(list)
    for control in CATALOGUE:
        areas[control.area].append(control)
    found, others = {}, paragraphs()
    for area, controls in areas.items():
        page = [f"# {area.replace('_', ' ').capitalize()}", "", note]
        for control in sorted(controls, key=lambda c: c.id):
            page += [*_section(control), *others.get(control.name, ())]
        found[f"reference/controls/{area}.md"] = "\n".join(page) + "\n"
    return found


def _section(control: Control) -> Iterator[str]:
    yield from (f'<a id="{control.id.lower()}"></a>', f"## {control.id} `{control.name}`", "", f"{control.title}.", "")
    yield from (f"{control.severity.capitalize()} severity. {_subject(control)}{_enforcement(control)}", "")
    yield from ("**Why it matters.** " + control.why, "")
    yield from ("**How to fix it.** " + control.fix, "")
    yield from _snippets(control)
    if control.absence:
        yield (
            "**If the resource is missing.** A complete assembly (`--complete`) "
            f"without `{control.types[0]}` also fails: {control.absence.rstrip('.')}."
        )
        yield ""
    if control.blind:
        yield from ("**What it does not see.** " + control.blind, "")
    yield from (f"Source: <{control.source}>", "")
    frameworks = listed(control.requirements)
    if frameworks:
        yield from ("**Frameworks that require it:**", "", *frameworks, "")


def _subject(control: Control) -> str:
    """Return a sentence about the resources that the control evaluates and the evidence it needs."""
    if control.types == ("*",):
        subject = "It evaluates resources of every type"
    else:
        types = [f"`{type_}`" for type_ in control.types]
        subject = (
            f"It evaluates {types[0]}" if len(types) == 1 else f"It evaluates {', '.join(types[:-1])} and {types[-1]}"
        )
    return f"{subject}. As evidence, it needs {control.seen}."


def _enforcement(control: Control) -> str:
    if control.enforced_by:
        name = control.enforced_by
        return f" [`hardened.{name}`](../constructs.md#{name.lower()}) enforces it by default."
    if not control.detective or control.detective.startswith("No construct"):
        return f" {control.detective}".rstrip()
    return f" No construct enforces it by default. {control.detective}"


def _snippets(control: Control) -> Iterator[str]:
    pair = _read().get(control.name)
    if pair:
        yield from ("This fails:", "", "```yaml", pair["bad"].rstrip(), "```", "")
        yield from ("This passes:", "", "```yaml", pair["good"].rstrip(), "```", "")


@cache
def _read() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(SNIPPETS.read_text(encoding="utf-8"))
    return found
