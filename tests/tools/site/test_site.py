"""The built site in a real browser, served as mike lays it out. `make site` runs this, too."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import hardened_eks
from docs.constructs import entries
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements
from tests.programs import leave_out
from tools import site
from tools.site.browser import CHROMIUM, Browser
from tools.site.kinds import KINDS
from tools.site.links import broken
from tools.site.serving import serving

pytestmark = pytest.mark.browser
SHOWN = "[...document.querySelectorAll('tbody tr')].filter(row => row.offsetParent !== null)"


@pytest.fixture(scope="module")
def home(built: Path) -> Iterator[str]:
    with serving(built) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        leave_out("no Chromium: apt-get install chromium")
    with Browser() as found:
        yield found


def foreign(browser: Browser, home: str) -> list[str]:
    """Return the requests of the page that another host would have seen."""
    ours = urlsplit(home).netloc
    urls = [urlsplit(url) for url in browser.requested]
    return [url.geturl() for url in urls if url.scheme != "data" and url.netloc != ours]


def test_no_link_is_broken_and_no_page_loads_from_elsewhere(built: Path) -> None:
    assert broken(built) == []


def test_the_api_reference_has_every_public_name_and_member(built: Path) -> None:
    pages = (built / "reference" / "api").rglob("index.html")
    shown = {name for page in pages for name in re.findall(r'id="hardened_eks\.([\w.]+)"', page.read_text("utf-8"))}
    reference = entries((site.ROOT / "docs" / "reference" / "constructs.md").read_text(encoding="utf-8"))
    assert set(hardened_eks.__all__) <= shown
    assert reference - shown == set()
    assert [name for name in shown if "._" in name] == []


@pytest.mark.parametrize("page", dict.fromkeys(KINDS.values()), ids=lambda page: page or "home")
def test_a_page_of_each_kind_opens(browser: Browser, home: str, page: str) -> None:
    browser.open(home + page)
    assert browser.wait("document.querySelector('.md-version__current')?.textContent") == "0.2", "the other versions"
    assert browser.ask("document.querySelector('h1').offsetHeight > 0")
    assert len(browser.ask("document.querySelector('article').innerText")) > 200
    assert foreign(browser, home) == []
    assert browser.complaints == []


def test_the_browser_sees_a_request_to_another_host(browser: Browser, home: str) -> None:
    """The test above can fail."""
    browser.open(home)
    browser.ask("fetch('https://unpkg.com/mermaid@11').catch(() => 0)")
    assert foreign(browser, home) == ["https://unpkg.com/mermaid@11"]
    assert "unpkg.com" in "\n".join(browser.complaints)


def test_the_search_finds_a_guide(browser: Browser, home: str) -> None:
    browser.open(f"{home}?q=break+glass")
    browser.wait("/[0-9]+ matching documents/.test(document.querySelector('.md-search-result__meta').innerText)")
    found = browser.ask("[...document.querySelectorAll('.md-search-result__link')].map(link => link.href)")
    assert urlsplit(found[0]).path == "/0.2/how-to/break-glass/"
    assert foreign(browser, home) == []


@pytest.mark.parametrize("page", ["", "reference/controls/", "how-to/choose-nodes/"], ids=lambda page: page or "home")
def test_a_telephone_shows_the_whole_width(browser: Browser, home: str, page: str) -> None:
    browser.open(home + page, width=400, height=800)
    assert browser.ask("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_dark_where_the_system_is(browser: Browser, home: str, dark: bool) -> None:
    browser.open(home, dark=not dark)  # a page that was read by day is dark in the evening
    browser.open(home, dark=dark)
    color = "rgb(30, 33, 41)" if dark else "rgb(255, 255, 255)"
    browser.wait(f"getComputedStyle(document.body).backgroundColor === '{color}'")
    shown = "[...document.querySelectorAll('article img')].filter(image => image.offsetWidth > 0)"
    browser.wait(f"{shown}.length === 1 && {shown}[0].naturalWidth === 830")
    assert ("-dark.svg" if dark else "-light.svg") in browser.ask(f"{shown}[0].src")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_the_catalogue_is_filtered(browser: Browser, home: str, script: bool) -> None:
    """A style sheet hides rows, so the filters need no script."""
    browser.open(f"{home}reference/controls/", script=script)
    assert shown(browser) == {control.id for control in CATALOGUE}
    assert shown(browser, severity="critical") == {one.id for one in CATALOGUE if one.severity == "critical"}
    both = {one.id for one in CATALOGUE if one.area == "account" and not one.enforced_by}
    assert both
    assert shown(browser, severity="", area="account", enforced="no") == both
    assert shown(browser, area="", enforced="", framework="cis-eks") == {
        one.id for one in CATALOGUE if any("cis-eks" in requirements()[key].references for key in one.requirements)
    }


def shown(browser: Browser, **values: str) -> set[str]:
    """Return the ids of the controls that are shown when these values are chosen."""
    for name, value in values.items():
        assert browser.ask(f"document.getElementById('by-{name}').value = '{value}'") == value
    return set(browser.ask(f"{SHOWN}.map(row => row.cells[0].innerText.trim())"))


def test_a_link_to_a_control_leads_to_its_heading(browser: Browser, home: str) -> None:
    browser.open(f"{home}reference/controls/control_plane/#cp-05")
    browser.wait("Math.abs(document.getElementById('cp-05').getBoundingClientRect().top) < 200")
