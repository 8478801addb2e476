"""Write what is known of each control before its file is read: `python -m tools.control_index`.

The files of the controls are the source: nobody edits `hardened_eks/controls/_index.py`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.controls.model import Control

FILE: Final = Path(__file__).parents[1] / "hardened_eks/controls/_index.py"
_HEAD: Final = '''\
# ruff: noqa: E501
# fmt: off
"""What is known of each control before its file is read. Written by `python -m tools.control_index`."""

from typing import Final

INDEX: Final[dict[str, tuple[object, ...]]] = {
'''


def text(controls: Iterable[Control]) -> str:
    """Return the index of these controls."""
    from hardened_eks.controls.model import INDEXED

    rows = []
    for control in controls:
        assert control.check  # reads the file
        values = [getattr(control, name) for name in INDEXED]
        rows.append(f'    "{control.area}.{control.name}": ({", ".join(map(_literal, values))}),\n')
    return f"{_HEAD}{''.join(rows)}}}\n"


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))}{',' if len(value) == 1 else ''})"
    return json.dumps(str(value), ensure_ascii=False)


def main() -> None:
    """Read every file, not the index as it is now, and write the index."""
    empty = ModuleType("hardened_eks.controls._index")
    vars(empty)["INDEX"] = {}
    sys.modules[empty.__name__] = empty
    from hardened_eks.controls import CATALOGUE

    FILE.write_text(text(CATALOGUE), encoding="utf-8")


if __name__ == "__main__":
    main()
