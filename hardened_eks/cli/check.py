"""`hardened-eks check`: judge files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardened_eks import _clock
from hardened_eks.cli._options import CONTROL_MODULES, FAMILIES, SEVERITIES, refuse, unwritable, with_own
from hardened_eks.controls.model import Family, Severity
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging.scope import Scope
from hardened_eks.judging.selection import complete_types, select
from hardened_eks.judging.waivers import resolve
from hardened_eks.reports import FORMATS, Report, render
from hardened_eks.sources import InputProblem, UnusableInputError, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from hardened_eks.evidence import Waiver
    from hardened_eks.judging.evaluation import Outcome
    from hardened_eks.sources import Loaded

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
@click.option("-w", "--waivers", multiple=True, metavar="FILE", help="A file of waivers. Repeatable.")
@click.option("--against", metavar="PATH", help="What is deployed now, to judge changes: a cdk.out or template.")
@click.option("-p", "--parameters", multiple=True, metavar="[STACK:]KEY=VALUE",
              help="Fix a template parameter; otherwise its value is unknown. Repeatable.")  # fmt: skip
@click.option("--complete", multiple=True, metavar="TYPE|all",
              help="No other template has this type: a missing trail, detector ... fails. Repeatable.")  # fmt: skip
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default="eks", show_default=True,
              help="Judge what belongs to a cluster, or all resources.")  # fmt: skip
@click.option("--require-eks", is_flag=True, help="Exit code 1 where nothing was examined.")
@CONTROL_MODULES
@click.option("-c", "--control", "only", multiple=True, metavar="ID", help="Only this control. Repeatable.")
@click.option("-x", "--exclude", multiple=True, metavar="ID", help="Not this control. Repeatable.")
@click.option("--family", type=click.Choice(FAMILIES), multiple=True, help="Only this family of controls.")
@click.option("--severity", type=click.Choice(SEVERITIES), default="low", show_default=True,
              help="Only controls of this severity or worse.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(SEVERITIES), default="low", show_default=True,
              help="Findings of lesser severity are warnings: printed, but exit code 0.")  # fmt: skip
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
    known = _parameters(parameters, problems)
    accepted = _waivers(waivers, problems)
    loaded = _load(paths, known, against, problems)
    accepted = (*(loaded.waivers if loaded else ()), *accepted)
    problems += resolve(accepted, catalogue)[1]
    if problems or loaded is None:
        refuse((*problems, *(loaded.unread if loaded else ())))
    loaded.assembly.complete |= whole
    outcome = evaluate(
        loaded.assembly, controls, waivers=accepted, known=catalogue, fail_on=Severity(fail_on), today=day, scope=scope
    )
    report = _report(outcome, loaded, paths, day)
    _write(report, format_, files)
    if loaded.unread:
        refuse(loaded.unread)
    sys.exit(1 if outcome.fails or (require_eks and not outcome.resources) else 0)


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


def _parameters(parameters: Sequence[str], problems: list[object]) -> dict[str, str]:
    found = {}
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if not equals or not key:
            problems.append(InputProblem("--parameters", f"expected KEY=VALUE, got {parameter!r}"))
        found[key] = value
    return found


def _waivers(files: Sequence[str], problems: list[object]) -> tuple[Waiver, ...]:
    if not files:
        return ()
    from hardened_eks.sources.waivers import read_waivers

    try:
        return read_waivers(files)
    except UnusableInputError as error:
        problems += error.problems
        return ()


def _load(
    paths: Sequence[str],
    parameters: dict[str, str],
    against: str | None,
    problems: list[object],
) -> Loaded | None:
    loaded = None
    try:
        loaded = load(paths, parameters=parameters, partial=True)
    except UnusableInputError as error:
        problems += error.problems
    if against is None:
        return loaded
    try:
        previous = load([against]).assembly
    except UnusableInputError as error:
        problems += error.problems
        return loaded
    if loaded is not None:
        _same_name(loaded, previous.templates)
        loaded.assembly.previous = previous
    return loaded


def _same_name(loaded: Loaded, earlier: Sequence[object]) -> None:
    """Two single files are versions of one stack, whatever their names."""
    now = [t for t in loaded.assembly.templates if t.parent is None]
    then = [t for t in earlier if t.parent is None]  # type: ignore[attr-defined]
    if len(now) == len(then) == 1:
        then[0].name = now[0].name  # type: ignore[attr-defined]


def _report(outcome: Outcome, loaded: Loaded, paths: Sequence[str], day: date) -> Report:
    from hardened_eks import __version__

    assembly = loaded.assembly
    return Report(
        outcome=outcome,
        day=day,
        version=__version__,
        inputs=tuple(paths),
        files=tuple(template.path for template in assembly.templates),
        notes=loaded.notes,
        hides_eks=loaded.hides_eks,
        unread=len(loaded.unread),
        stacks=len(assembly.templates),
        has_eks=any(type_.startswith("AWS::EKS::") for type_ in assembly.types),
    )


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
        from hardened_eks.reports.as_text import show

        show(report)
    else:
        click.echo(render(report, format_), nl=False)
