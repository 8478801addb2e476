"""`make site` builds and checks the links; `make site-version` commits the built version to the branch gh-pages."""

from __future__ import annotations

import sys
from pathlib import Path

from tools import site
from tools.site.kinds import KINDS
from tools.site.links import broken


def main(arguments: list[str]) -> None:
    try:
        if arguments == ["publish"]:
            site.publish()
        elif arguments[:1] == ["pictures"]:
            pictures(Path(arguments[1]))
        else:
            check()
    except (site.SiteError, site.UnavailableError) as error:
        sys.exit(str(error))


def check() -> None:
    """Build, and say which links lead nowhere."""
    out = site.build()
    wrong = broken(out)
    print(*wrong, sep="\n")
    pages = len(list(out.rglob("*.html")))
    if wrong:
        sys.exit(f"{len(wrong)} of the links on {pages} pages are broken")
    print(f"{out.relative_to(site.ROOT)}: {pages} pages, no broken link")


def pictures(folder: Path) -> None:
    """Write a screenshot of each kind of page, to be looked at."""
    from tools.site.browser import Browser
    from tools.site.serving import serving

    folder.mkdir(parents=True, exist_ok=True)
    with serving(site.build()) as home, Browser() as browser:
        for kind, page in KINDS.items():
            browser.open(home + page, height=800, dark=kind.endswith("-dark"))
            browser.wait("document.fonts.status === 'loaded' && document.querySelector('.md-version')")
            browser.picture(folder / f"{kind}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
