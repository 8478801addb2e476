"""`hardened-eks check`: evaluate files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hardened_eks import _clock, _startup
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import what_is_judged, where_it_goes, which_controls, with_own
from hardened_eks.cli._reading import accepted, fixed, read, report_of
from hardened_eks.cli._refusing import refuse, without_effect
from hardened_eks.cli._writing import of_accounts, outputs_of, write
from hardened_eks.controls.model import Family, Severity
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging.selection import complete_types, select
from hardened_eks.judging.waivers import resolve
from hardened_eks.sources.saved import is_saved

if TYPE_CHECKING:
    from datetime import datetime

_EPILOG = (
    "Exit code 0: no findings. 1: findings, or a control whose severity fails could not see what it needs. 2: "
    "unusable or unreadable input; the readable input is reported. A template without EKS is reported as "
    '"nothing examined", not as passed; --require-eks makes that exit code 1. With account data that `audit --save` '
    "wrote, the exit codes are those of `audit`: 3 if nothing that was seen fails, but something was not seen."
)


@click.command("check", epilog=_EPILOG)
@click.argument("paths", type=NAME, nargs=-1, required=True)
@where_it_goes
@what_is_judged
@which_controls
@_startup.undisturbed()
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
    """Evaluate cdk.out directories, CloudFormation templates and Kubernetes manifests (`-` for standard input).

    In any other folder, every template and manifest is evaluated (*.yaml, *.yml, *.json, *.template; at any depth),
    and the other files are listed as not examined. All PATHS together form one assembly: references between them are
    followed.
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
    files = outputs_of(outputs, problems)
    known = fixed(parameters, problems)
    own = accepted(waivers, problems)
    kept = next(filter(is_saved, paths), None)
    if kept is not None:
        from hardened_eks.cli._judging import Judging, exit_code, saved_among

        why = f"is about templates, and {kept!r} contains an account: leave it out"
        problems += without_effect(("parameters", "complete", "scope"), why)
        judging = Judging(controls, tuple(catalogue), own, fail_on, day)
        accounts = saved_among(paths, problems)
        judging.read(against, None, problems)
        if problems:
            refuse(problems)
        found = judging.report(accounts, paths)
        write(found, format_, files)
        sys.exit(exit_code(found, require_eks=require_eks))
    problems += of_accounts(format_, files)
    loaded = read(paths, known, against, problems)
    own = (*(loaded.waivers if loaded else ()), *own)
    problems += resolve(own, catalogue)[1]
    if problems or loaded is None:
        refuse((*problems, *(loaded.unread if loaded else ())))
    loaded.assembly.complete |= whole
    outcome = evaluate(loaded.assembly, controls, waivers=own, known=catalogue, fail_on=fail_on, today=day, scope=scope)
    report = report_of(outcome, loaded, paths, day)
    write(report, format_, files)
    if loaded.unread:
        refuse(loaded.unread)
    sys.exit(1 if report.fails or (require_eks and not outcome.resources) else 0)
