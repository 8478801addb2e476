"""mkdocs.yml: what Zensical reads as well, and nothing that asks another host."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import leave_out
from tools import site

ZENSICAL = {"search", "autorefs", "mkdocstrings"}
"""The plugins that docs/adr/0015-the-site.md allows; Zensical ignores others without a word."""
CONFIG: dict[str, Any] = yaml.safe_load(site.CONFIG.read_text(encoding="utf-8"))


def test_only_what_zensical_reads() -> None:
    plugins = [next(iter(one)) if isinstance(one, dict) else one for one in CONFIG["plugins"]]
    assert set(plugins) == ZENSICAL
    assert "hooks" not in CONFIG
    assert "custom_dir" not in CONFIG["theme"]


def test_no_page_asks_another_host() -> None:
    assert CONFIG["theme"]["font"] is False, "Google Fonts"
    assert "repo_url" not in CONFIG, "the widget asks the API of GitHub"
    for page in (site.ROOT / "docs").rglob("*.md"):
        assert not re.search(r"^ *```mermaid", page.read_text(encoding="utf-8"), re.MULTILINE), (
            f"{page}: from unpkg.com"
        )


def test_the_decision_has_both_dates() -> None:
    text = (site.ROOT / "docs/adr/0015-the-site.md").read_text(encoding="utf-8")
    assert "2027-05-05" in text
    assert "2026-11-29" in text


def test_every_dependency_of_the_site_has_its_line() -> None:
    from tools import environments

    text = (site.ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    for pin in environments.pins("site"):
        assert f"| {pin.partition('==')[0]} (group `site`)" in text
        assert re.fullmatch(r"[\w-]+==[\d.]+", pin)


@pytest.mark.parametrize(("value", "outcome"), [("", "skipped"), ("true", "failed")])
def test_only_outside_of_ci_a_test_may_be_left_out(monkeypatch: pytest.MonkeyPatch, value: str, outcome: str) -> None:
    monkeypatch.setenv("CI", value)
    kind = {"skipped": pytest.skip.Exception, "failed": pytest.fail.Exception}[outcome]
    with pytest.raises(kind, match="no Chromium"):
        leave_out("no Chromium")


def test_a_page_that_is_not_in_the_navigation_fails_the_build(tmp_path: Path) -> None:
    """MkDocs warns of it, and a warning fails: `--quiet` would count none."""
    try:
        site.python()
    except site.UnavailableError as error:
        leave_out(str(error))
    (tmp_path / "docs").mkdir()
    for name, text in {"index.md": "# Home\n\n[gone](gone.md)\n", "lost.md": "# Lost\n"}.items():
        (tmp_path / "docs" / name).write_text(text)
    config = tmp_path / "mkdocs.yml"
    config.write_text(f"INHERIT: {site.CONFIG}\nnav: [index.md]\nextra_css: []\nplugins: [search]\n")
    with pytest.raises(site.SiteError, match=r"(?s)lost\.md.*gone\.md"):
        site.build(tmp_path / "out", config)
