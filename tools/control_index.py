"""Write the index of the fields of controls that precede their files: `python -m tools.control_index`.

The files of the controls are the source. Do not edit `hardened_eks/controls/_index.py`.
"""

from __future__ import annotations

import json
import sys
from enum import Enum
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
"""The fields of each control that are needed before its file is imported, by `python -m tools.control_index`."""

from typing import Final

from hardened_eks.controls.model import Family, Severity

CRITICAL, HIGH, MEDIUM, LOW = Severity
HARDENING, DEPLOYABLE = Family
INDEX: Final[dict[str, tuple[object, ...]]] = {
'''


def text(controls: Iterable[Control]) -> str:
    """Return the index of these controls."""
    from hardened_eks.controls._reading import INDEXED

    rows = []
    for control in controls:
        assert control.check  # imports the file
        values = [getattr(control, name) for name in INDEXED]
        rows.append(f'    "{control.area}.{control.name}": ({", ".join(map(_literal, values))}),\n')
    return f"{_HEAD}{''.join(rows)}}}\n"


def _literal(value: object) -> str:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))}{',' if len(value) == 1 else ''})"
    return json.dumps(str(value), ensure_ascii=False)


def main() -> None:
    """Import every file, without the present index, and write the index."""
    empty = ModuleType("hardened_eks.controls._index")
    vars(empty)["INDEX"] = {}
    sys.modules[empty.__name__] = empty
    from hardened_eks.controls import CATALOGUE

    FILE.write_text(text(CATALOGUE), encoding="utf-8")


if __name__ == "__main__":
    main()
