"""What each control says of each mutant, frozen: `.venv/bin/python -m tests.controls.messages` writes it anew.

The paths are not here: they are written by hand in the cases. Read the diff of the file as a user reads the messages.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_name("messages.json")


def frozen() -> dict[str, dict[str, list[str]]]:
    """Control -> mutant -> its findings: ``Cluster: the public endpoint is on``."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _write() -> None:
    import tests.conftest  # noqa: F401  (judges on the tests' day)
    from tests.controls.cases import said
    from tests.controls.test_catalogue import CASES

    now = {case.control.name: {name: said(case, name) for name in case.bad} for case in CASES}
    FILE.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
