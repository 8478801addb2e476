"""Check the links and the loaded files of the built pages: no target is missing, and no file is from another host."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOADED = {"src", "srcset", "poster", "data"}
_LOADING_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest"}


class _Page(HTMLParser):
    """The anchors, links and loaded files of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        loading = tag == "link" and _LOADING_RELATIONS & set(given.get("rel", "").split())
        if "href" in given:
            (self.loads if loading else self.links).append(given["href"])
        for name in _LOADED & set(given):
            self.loads += (
                [one.split()[0] for one in given[name].split(",") if one.strip()] if name == "srcset" else [given[name]]
            )


def broken(site: Path) -> list[str]:
    """Return a line for each link and each loaded file that is missing, and for each file loaded from another host."""
    return sorted({line for page in site.rglob("*.html") for line in _broken(site, page)})


def _broken(site: Path, page: Path) -> Iterator[str]:
    found, name = _parsed(page), page.relative_to(site)
    for url in found.loads:
        if urlsplit(url).scheme not in {"", "data"} or url.startswith("//"):
            yield f"{name}: loads {url}"
    for url in (*found.links, *found.loads):
        target = urlsplit(url)
        if target.scheme or url.startswith("//"):
            continue
        file = _file(site, page, unquote(target.path))
        if not file.is_file():
            yield f"{name}: {url} does not exist"
        elif target.fragment and file.suffix == ".html" and unquote(target.fragment) not in _parsed(file).anchors:
            yield f"{name}: {url} has no such anchor"


def _file(site: Path, page: Path, path: str) -> Path:
    if not path:
        return page
    file = site / path.lstrip("/") if path.startswith("/") else page.parent / path
    return file / "index.html" if file.is_dir() else file


@cache
def _parsed(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page
