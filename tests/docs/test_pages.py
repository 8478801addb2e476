"""What the pages name exists: headings behind links, names of the library, commands, controls."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import hardened_eks
from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
WRITTEN = [page for page in PAGES if "reference" not in page.parts]
FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
ids = [str(page.relative_to(ROOT)) for page in WRITTEN]


def anchors(page: Path) -> set[str]:
    """Return what GitHub lets links lead to: headings, and anchors of our own."""
    text = page.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", prose, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(slug if slug not in found else f"{slug}-1")
    return found | set(re.findall(r'<a id="([^"]+)">', text))


def code(page: Path) -> Iterator[str]:
    for indent, language, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            yield re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        assert not anchor or file.suffix != ".md" or anchor in anchors(file), f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_tables_have_a_line_below_their_head(page: Path) -> None:
    """Without it, a table is shown as a paragraph with vertical bars."""
    tables = re.findall(r"(?:^\|.*\n)+", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    second = [table.split("\n")[1] for table in tables]
    assert [line for line in second if not re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line)] == []


@pytest.mark.parametrize("page", WRITTEN, ids=ids)
def test_code_names_what_the_library_has(page: Path) -> None:
    for block in code(page):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("hardened_eks"):
                module = importlib.import_module(str(node.module))
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []
    for name in re.findall(r"\bhardened\.([A-Z]\w+|waive)", page.read_text(encoding="utf-8")):
        assert name in hardened_eks.__all__, name


@pytest.mark.parametrize("page", WRITTEN, ids=ids)
def test_commands_and_their_options_exist(page: Path) -> None:
    for command, rest in re.findall(
        r"\bhardened-eks (audit|check|controls|data|evidence|upgrade)\b([^`\n#|>]*)", page.read_text(encoding="utf-8")
    ):
        found = group.get_command(click.Context(group), command)
        words = rest.split()
        while isinstance(found, click.Group) and words and not words[0].startswith("-"):
            found = found.get_command(click.Context(found), words.pop(0))
        assert found is not None, f"{command}{rest}"
        known = {option for parameter in found.params for option in parameter.opts} | {"--help"}
        assert [
            word for word in words if word.startswith("-") and word != "-" and word.split("=")[0] not in known
        ] == []


@pytest.mark.parametrize("page", WRITTEN, ids=ids)
def test_controls_exist(page: Path) -> None:
    known = {control.id for control in CATALOGUE} | {"WV-01", "WV-02", "WV-03"}
    areas = "|".join({control.id.split("-")[0] for control in CATALOGUE} | {"WV"})
    named = set(re.findall(rf"\b(?:{areas})-\d\d\b", page.read_text(encoding="utf-8")))
    assert named - known == set()


@pytest.mark.parametrize("page", WRITTEN, ids=ids)
def test_nobody_is_told_to_install_a_name_that_is_not_ours(page: Path) -> None:
    """Whoever registered it on PyPI would run on the machines of our readers."""
    assert not re.search(r"pip install (-\S+ )*hardened.eks\b(?! @)", page.read_text(encoding="utf-8"))


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in WRITTEN:
        for target in re.findall(r"(?:`|^)make ([a-z]+)(?:`| +#|$)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert target in targets, f"{page.name}: make {target}"
