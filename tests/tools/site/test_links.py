"""The check of built pages: links, anchors, and what a page loads."""

from pathlib import Path

import pytest

from tools.site.links import broken

OTHER = '<h2 id="there">There</h2><a name="old"></a>'


@pytest.mark.parametrize(
    "line",
    [
        '<a href="other/">page</a>',
        '<a href="other/#there">anchor</a>',
        '<a href="other/#old">named anchor</a>',
        '<a href="#here" id="here">on the page</a>',
        '<a href="/other/index.html">absolute</a>',
        '<a href="https://aws.amazon.com/eks/">a link to elsewhere is no load</a>',
        '<a href="mailto:security@example.com">mail</a>',
        '<img src="a.svg"><source srcset="a.svg 1x, a.svg 2x">',
        '<link rel="stylesheet" href="a.css"><link rel="canonical" href="https://example.com/">',
        '<img src="data:image/svg+xml;base64,AAAA">',
    ],
)
def test_good(tmp_path: Path, line: str) -> None:
    assert broken(built(tmp_path, line)) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('<a href="missing/">', "index.html: missing/ does not exist"),
        ('<a href="other/#gone">', "index.html: other/#gone has no such anchor"),
        ('<a href="#gone">', "index.html: #gone has no such anchor"),
        ('<img src="gone.svg">', "index.html: gone.svg does not exist"),
        ('<source srcset="a.svg 1x, gone.svg 2x">', "index.html: gone.svg does not exist"),
        ('<script src="https://unpkg.com/mermaid@11"></script>', "index.html: loads https://unpkg.com/mermaid@11"),
        ('<img src="//cdn.example/a.png">', "index.html: loads //cdn.example/a.png"),
        (
            '<link rel="stylesheet" href="https://fonts.googleapis.com/css">',
            "index.html: loads https://fonts.googleapis.com/css",
        ),
        (
            '<link rel="preconnect" href="https://fonts.gstatic.com">',
            "index.html: loads https://fonts.gstatic.com",
        ),
    ],
)
def test_bad(tmp_path: Path, line: str, wrong: str) -> None:
    assert broken(built(tmp_path, line)) == [wrong]


def built(folder: Path, line: str) -> Path:
    (folder / "other").mkdir()
    (folder / "index.html").write_text(line)
    (folder / "other" / "index.html").write_text(OTHER)
    (folder / "a.svg").write_text("<svg/>")
    (folder / "a.css").write_text("")
    return folder
