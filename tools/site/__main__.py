"""`make site` builds the site before its tests run; `make site-version` commits this version to the branch gh-pages."""

from __future__ import annotations

import sys
from pathlib import Path

from tools import site
from tools.site.kinds import KINDS


def main(arguments: list[str]) -> None:
    try:
        if arguments == ["publish"]:
            site.publish()
        elif arguments[:1] == ["pictures"]:
            pictures(Path(arguments[1]))
        else:
            out = site.build()
            print(f"{out.relative_to(site.ROOT)}: {len(list(out.rglob('*.html')))} pages")
    except (site.SiteError, site.UnavailableError) as error:
        sys.exit(str(error))


def pictures(folder: Path) -> None:
    """Write screenshots of each kind of page, light and dark, to be reviewed by eye."""
    from tools.site.browser import Browser
    from tools.site.serving import serving

    folder.mkdir(parents=True, exist_ok=True)
    with serving(site.build()) as home, Browser() as browser:
        for kind, page in KINDS.items():
            for suffix, dark in (("", False), ("-dark", True)):
                browser.open(home + page, height=800, dark=dark)
                browser.wait("document.fonts.status === 'loaded' && document.querySelector('.md-version') !== null")
                if "?q=" in page:
                    browser.wait("document.querySelector('.md-search-result__item') !== null")
                browser.picture(folder / f"{kind}{suffix}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
