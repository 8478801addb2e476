"""What commands share: choosing controls, refusing input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from hardened_eks.controls.model import Family, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

FAMILIES = [family.value for family in Family]
SEVERITIES = [severity.value for severity in Severity]
UNUSABLE = 2
"""Exit code for input that cannot be judged."""


def refuse(problems: Iterable[object]) -> NoReturn:
    """Print every problem on its own line to the standard error and end with code 2."""
    from hardened_eks.reports.model import clean

    for problem in problems:
        click.echo(f"error: {clean(problem)}", err=True)
    sys.exit(UNUSABLE)
