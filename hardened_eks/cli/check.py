"""`hardened-eks check`: judge files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardened_eks import _clock
from hardened_eks.cli._options import FAMILIES, SEVERITIES, refuse, unwritable, what_is_judged, with_own
from hardened_eks.cli._reading import accepted, fixed, read, report_of
from hardened_eks.controls.model import Family, Severity
from hardened_eks.judging.evaluation import LEVELS, evaluate
from hardened_eks.judging.selection import complete_types, select
from hardened_eks.judging.waivers import resolve
from hardened_eks.reports import FORMATS, render
from hardened_eks.sources import InputProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hardened_eks.reports import Report

_WEIGHTS = frozenset({"bold", "dim"})
_EPILOG = (
    "Exit code 0: clean. 1: findings, or a control of a severity that fails could not see what it asks for. 2: input "
    "that cannot be used or read; what can be read is reported. A template without EKS is reported as "
    '"nothing examined", not as passed; --require-eks makes that exit code 1.'
)


@click.command("check", epilog=_EPILOG)
@click.argument("paths", nargs=-1, required=True)
@click.option("-f", "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True,
              help="What to print.")  # fmt: skip
@click.option("-o", "--output", "outputs", multiple=True, metavar="[FORMAT=]FILE",
              help="Write the report to a file; with FORMAT= a further one in that format. Repeatable.")  # fmt: skip
@what_is_judged
@click.option("-c", "--control", "only", multiple=True, metavar="ID", help="Only this control. Repeatable.")
@click.option("-x", "--exclude", multiple=True, metavar="ID", help="Not this control. Repeatable.")
@click.option("--family", type=click.Choice(FAMILIES), multiple=True, help="Only this family of controls.")
@click.option("--severity", type=click.Choice(SEVERITIES), default="low", show_default=True,
              help="Only controls of this severity or worse.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(LEVELS), default="low", show_default=True,
              help="Findings of lesser severity are warnings: printed, but exit code 0. `incomplete`: an "
              "incomplete verdict fails as well.")  # fmt: skip
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help="Judge waivers and versions as of this day. Default: today, UTC.")  # fmt: skip
def command(
    *,
    paths: tuple[str, ...],
    format_: str,
    outputs: tuple[str, ...],
    waivers: tuple[str, ...],
    against: str | None,
    parameters: tuple[str, ...],
    complete: tuple[str, ...],
    scope: str,
    require_eks: bool,
    modules: tuple[str, ...],
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    family: tuple[str, ...],
    severity: str,
    fail_on: str,
    today: datetime | None,
) -> None:
    """Judge cdk.out directories and CloudFormation templates (JSON or YAML, `-` for the standard input).

    All PATHS together are one assembly: references between them are followed.
    """
    problems: list[object] = []
    day = today.date() if today else _clock.today()
    catalogue, mistakes = with_own(modules)
    problems += mistakes
    controls, unknown = select(
        catalogue, only=only, exclude=exclude, families=map(Family, family), severity=Severity(severity)
    )
    whole, mistaken = complete_types(complete, controls)
    problems += (mistake for mistake in (*unknown, *mistaken) if mistake not in mistakes)
    files = _outputs(outputs, problems)
    known = fixed(parameters, problems)
    own = accepted(waivers, problems)
    loaded = read(paths, known, against, problems)
    own = (*(loaded.waivers if loaded else ()), *own)
    problems += resolve(own, catalogue)[1]
    if problems or loaded is None:
        refuse((*problems, *(loaded.unread if loaded else ())))
    loaded.assembly.complete |= whole
    outcome = evaluate(loaded.assembly, controls, waivers=own, known=catalogue, fail_on=fail_on, today=day, scope=scope)
    report = report_of(outcome, loaded, paths, day)
    _write(report, format_, files)
    if loaded.unread:
        refuse(loaded.unread)
    sys.exit(1 if report.fails or (require_eks and not outcome.resources) else 0)


def _outputs(outputs: Sequence[str], problems: list[object]) -> list[tuple[str, str]]:
    """Return (format, file) of each --output; an empty format means the one that would be printed."""
    found = []
    for output in outputs:
        format_, equals, file = output.partition("=")
        if not equals:
            format_, file = "", output
        elif format_ not in FORMATS:
            hint = f"there are {', '.join(FORMATS)}; a file of this name is {next(iter(FORMATS))}={output}"
            problems.append(InputProblem("--output", f"unknown format {format_!r} in {output!r}, {hint}"))
            continue
        fault = unwritable(file)
        if fault:
            problems.append(InputProblem(file or "--output", fault))
        found.append((format_, file))
    return found


def _show(report: Report) -> None:
    """Print the report to the terminal, in color unless the environment says that it wants none."""
    from hardened_eks.reports.as_text import lines

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    for line in lines(report):
        click.echo("".join(piece if plain else _styled(piece, style) for piece, style in line))


def _styled(text: str, style: str) -> str:
    names = style.split()
    color = next((name for name in names if name not in _WEIGHTS), None)
    return click.style(text, fg=color, **dict.fromkeys(_WEIGHTS.intersection(names), True)) if names else text


def _write(report: Report, format_: str, files: Sequence[tuple[str, str]]) -> None:
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
