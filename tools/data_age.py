"""List the dates in the package's data that have passed, and data that was read long ago. `make data-age` runs this.

It never fails: a person must decide what to do about old data.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hardened_eks import _clock
from hardened_eks.data.lambda_runtimes import UNTIL

ROOT = Path(__file__).parents[1]
FILES = [*sorted((ROOT / "hardened_eks" / "data").glob("*.json")), ROOT / "docs" / "comparison.json"]
MODULES = sorted((ROOT / "hardened_eks").rglob("*.py"))
"""Modules that contain data name its source and its day in a docstring: "read on 2026-11-29"."""
OLD = timedelta(days=180)
_READ = re.compile(r"\bread\s+(?:on\s+)?(\d{4}-\d\d-\d\d)")


def passed(today: date) -> Iterator[str]:
    """Yield a line for each date in the data that is before `today`."""
    for file in FILES:
        document = json.loads(file.read_text(encoding="utf-8"))
        for path, day in _dates(document, file.name):
            if path.endswith((".read", ".released")):
                continue
            if day < today:
                yield f"{day.isoformat()}  {path}"
        read = document.get("read") if isinstance(document, dict) else None
        if isinstance(read, str) and date.fromisoformat(read) + OLD < today:
            yield f"{read}  {file.name} was read then, from {document.get('source', 'the pages that it names')}"
    yield from _old_modules(today)
    for runtime, day in UNTIL.items():
        if day < today:
            yield f"{day.isoformat()}  Lambda runtime {runtime}"


def _old_modules(today: date) -> Iterator[str]:
    for module in MODULES:
        for read in sorted(set(_READ.findall(module.read_text(encoding="utf-8")))):
            if date.fromisoformat(read) + OLD < today:
                yield f"{read}  {module.relative_to(ROOT)} was read then"


def _dates(value: Any, path: str) -> Iterator[tuple[str, date]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _dates(item, f"{path}.{key}")
    elif isinstance(value, str):
        try:
            yield path, date.fromisoformat(value)
        except ValueError:
            return


def main() -> None:
    """Print the lines."""
    lines = sorted(passed(_clock.today()))
    sys.stdout.write("".join(f"{line}\n" for line in lines) or "no recorded date has passed\n")


if __name__ == "__main__":
    main()
