"""The destinations of reports, for all commands that write one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardened_eks.cli._options import unwritable
from hardened_eks.cli._refusing import refuse
from hardened_eks.reports import FORMATS, OF_ACCOUNTS, render
from hardened_eks.sources import InputProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.reports import Report

_WEIGHTS = frozenset({"bold", "dim"})


def outputs_of(outputs: Sequence[str], problems: list[object]) -> list[tuple[str, str]]:
    """Return (format, file) of each --output; an empty format means the one that would be printed."""
    found: list[tuple[str, str]] = []
    for output in outputs:
        format_, equals, file = output.partition("=")
        if not equals:
            format_, file = "", output
        elif format_ not in FORMATS:
            hint = f"use one of {', '.join(FORMATS)}; for a file with this name, write {next(iter(FORMATS))}={output}"
            problems.append(InputProblem("--output", f"unknown format {format_!r} in {output!r}, {hint}"))
            continue
        fault = unwritable(file)
        if fault:
            problems.append(InputProblem(file or "--output", fault))
        if file in {known for _, known in found}:
            problems.append(InputProblem(file, "named by two --output options: name two files"))
        found.append((format_, file))
    return found


def of_accounts(format_: str, files: Sequence[tuple[str, str]]) -> list[InputProblem]:
    """Return a problem for each format that names the account of a finding, if templates are evaluated."""
    wanted = dict.fromkeys(one for one in (format_, *(other for other, _ in files)) if one in OF_ACCOUNTS)
    message = "is only for accounts: use `hardened-eks audit`, or check a file that its --save option wrote"
    return [InputProblem("--format", f"{one} {message}") for one in wanted]


def _show(report: Report) -> None:
    """Print the report to the terminal, in color unless the environment disables it."""
    from hardened_eks.reports.as_text import lines

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    for line in lines(report):
        click.echo("".join(piece if plain else _styled(piece, style) for piece, style in line))


def _styled(text: str, style: str) -> str:
    names = style.split()
    color = next((name for name in names if name not in _WEIGHTS), None)
    return click.style(text, fg=color, **dict.fromkeys(_WEIGHTS.intersection(names), True)) if names else text


def write(report: Report, format_: str, files: Sequence[tuple[str, str]]) -> None:
    """Write the report to the files, and print it unless a file has the printed format."""
    printed = True
    for wanted, file in files:
        printed = printed and bool(wanted)
        try:
            Path(file).write_bytes(render(report, wanted or format_).encode("utf-8", "backslashreplace"))
        except OSError as error:
            refuse([InputProblem(file, f"cannot be written: {error.strerror or error}")])
    if not printed:
        click.echo(report.summary, err=True)
    elif format_ == "text" and sys.stdout.isatty():
        _show(report)
    else:
        click.echo(render(report, format_), nl=False)
