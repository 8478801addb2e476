"""`hardened-eks evidence`: evaluate files and write evidence for auditors."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardened_eks import _clock
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import DAY, what_is_judged, with_own
from hardened_eks.cli._reading import accepted, fixed, read, report_of
from hardened_eks.cli._refusing import refuse
from hardened_eks.judging.evaluation import LEVELS, evaluate
from hardened_eks.judging.scope import Scope, belonging
from hardened_eks.judging.selection import complete_types, nearest
from hardened_eks.judging.waivers import resolve
from hardened_eks.sources import InputProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.controls.frameworks import Framework
    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Assembly
    from hardened_eks.reports.oscal.assessment import Item

_DEFAULT = "nist-800-53-r5"
_EPILOG = (
    "The exit codes are those of `check`. With code 2, nothing is written, because evidence must cover the whole "
    "input. The same input, date and version of this program produce the same files. All times are midnight UTC of "
    "that date."
)


@click.command("evidence", epilog=_EPILOG)
@click.argument("paths", type=NAME, nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    required=True,
    type=NAME,
    metavar="DIR",
    help="The folder for the files, which is created if it does not exist.",
)
@click.option("--framework", default=_DEFAULT, show_default=True, metavar="ID",
              help="The framework of the OSCAL plans and results.")  # fmt: skip
@click.option("--system", default="Amazon EKS", show_default=True, metavar="NAME", help="The name of the system.")
@what_is_judged
@click.option("--fail-on", type=click.Choice(LEVELS), default="low", show_default=True,
              help="Findings with a lower severity do not change the exit code; the evidence still contains them. "
              "`incomplete`: an incomplete verdict fails as well.")  # fmt: skip
@click.option("--today", type=DAY, metavar="YYYY-MM-DD",
              help="Evaluate and date the evidence as of this date. Default: today, UTC.")  # fmt: skip
def command(
    *,
    paths: tuple[str, ...],
    output: str,
    framework: str,
    system: str,
    waivers: tuple[str, ...],
    against: str | None,
    parameters: tuple[str, ...],
    complete: tuple[str, ...],
    scope: str,
    require_eks: bool,
    modules: tuple[str, ...],
    fail_on: str,
    today: datetime | None,
) -> None:
    """Evaluate PATHS as `check` does, and write the evidence: report, control matrix and OSCAL documents.

    The folder gets report.json and report.html; matrix.csv and matrix.html (requirement, control, construct, AWS Config
    rule, detection, test); in oscal/ the component definition, profile, system security plan, assessment plan and
    assessment results; and SHA256SUMS.
    """
    from hardened_eks.detections import DETECTIONS
    from hardened_eks.reports import evidence

    problems: list[object] = []
    day = today.date() if today else _clock.today()
    catalogue, mistakes = with_own(modules)
    whole, mistaken = complete_types(complete, catalogue)
    problems += [*mistakes, *(mistake for mistake in mistaken if mistake not in mistakes)]
    chosen = _framework(framework, catalogue, problems)
    problems += _unusable(output, system)
    known = fixed(parameters, problems)
    own = accepted(waivers, problems)
    loaded = read(paths, known, against, problems)
    own = (*(loaded.waivers if loaded else ()), *own)
    problems += resolve(own, catalogue)[1]
    problems += loaded.unread if loaded else ()
    if problems or loaded is None or chosen is None:
        refuse(problems)
    loaded.assembly.complete |= whole
    outcome = evaluate(
        loaded.assembly, catalogue, waivers=own, known=catalogue, fail_on=fail_on, today=day, scope=scope
    )
    report = report_of(outcome, loaded, paths, day)
    files = evidence.files(
        report,
        catalogue=catalogue,
        detections=DETECTIONS,
        framework=chosen,
        items=_items(loaded.assembly, Scope(scope)),
        system=system.strip(),
        now=datetime.combine(day, time(0), UTC),
    )
    _write(Path(output), files)
    click.echo(f"{len(files)} files in {output}")
    click.echo(report.summary, err=True)
    sys.exit(1 if report.fails or (require_eks and not outcome.resources) else 0)


def _framework(id_: str, catalogue: Sequence[Control], problems: list[object]) -> Framework | None:
    from hardened_eks.controls.frameworks import frameworks
    from hardened_eks.reports.oscal.assessment import answered

    known = answered(catalogue)
    if id_ in known:
        return frameworks()[id_]
    hint = nearest(id_, known)
    hint = hint if "did you" in hint else f"use one of {', '.join(known)}"
    problems.append(InputProblem("--framework", f"no control covers a framework {id_!r}: {hint}"))
    return None


def _unusable(output: str, system: str) -> list[InputProblem]:
    from hardened_eks.reports.model import clean

    problems = []
    if Path(output).exists() and not Path(output).is_dir():
        problems.append(InputProblem(output, "cannot be written: a folder is needed"))
    if not system.strip() or clean(system) != system:
        problems.append(InputProblem("--system", f"a name of printable characters is needed, got {system!r}"))
    return problems


def _items(assembly: Assembly, scope: Scope) -> list[Item]:
    """Return the evaluated resources by their IDs."""
    from hardened_eks.reports.model import clean
    from hardened_eks.reports.oscal.assessment import Item

    resources = assembly.of("*") if scope is Scope.ALL else belonging(assembly)
    found = {
        resource.id: Item(clean(resource.id), clean(resource.written_type), clean(resource.construct_path))
        for resource in resources
    }
    return [found[id_] for id_ in sorted(found)]


def _write(folder: Path, files: Mapping[str, str]) -> None:
    from hardened_eks.reports.evidence import encoded

    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(text))
    except OSError as error:
        refuse([InputProblem(str(error.filename or folder), f"cannot be written: {error.strerror or error}")])
