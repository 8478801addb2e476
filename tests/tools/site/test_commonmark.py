"""The site shows the pages as GitHub does: the same headings, items, blocks of code and tables."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tools import site

TAGS = {"h2", "h3", "h4", "li", "pre", "table", "blockquote"}
PAGES = sorted(page for page in (site.ROOT / "docs").rglob("*.md") if "api" not in page.parts)


class Article(HTMLParser):
    """Counts the elements of the text of a page, by the depth of the list that they are in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, int]] = Counter()
        self.inside, self.depth = False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "article"
        if self.inside:
            self.depth += tag in {"ul", "ol"}
            if tag in TAGS:
                self.found[tag, self.depth] += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= self.inside and tag in {"ul", "ol"}
        self.inside = self.inside and tag != "article"


def counted(html: str) -> Counter[tuple[str, int]]:
    article = Article()
    article.feed(html)
    return article.found


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(site.ROOT / "docs")) for page in PAGES])
def test_the_page_has_what_github_shows(built: Path, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    github = counted(f"<article>{MarkdownIt('commonmark').enable('table').render(text)}</article>")
    name = page.relative_to(site.ROOT / "docs").with_suffix("")
    folder = name.parent if name.name == "index" else name
    html = (built / folder / "index.html").read_text(encoding="utf-8")
    assert counted(html) == github
