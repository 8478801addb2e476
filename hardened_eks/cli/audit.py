"""`hardened-eks audit`: evaluate an account."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardened_eks import _clock, _startup
from hardened_eks.cli._aws import need_boto3
from hardened_eks.cli._judging import Judging, exit_code
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import CONTROL_MODULES, unwritable, where_it_goes, which_controls, with_own
from hardened_eks.cli._reading import accepted
from hardened_eks.cli._refusing import refuse
from hardened_eks.cli._writing import outputs_of, write
from hardened_eks.controls.model import Family, Severity
from hardened_eks.judging.selection import select
from hardened_eks.judging.waivers import resolve
from hardened_eks.sources import InputProblem, UnusableInputError, saved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from hardened_eks.cli._accounts import Wanted
    from hardened_eks.reports import Report

_EPILOG = (
    "Exit code 0: no findings. 1: findings. 2: no credentials, unknown cluster or Region, or other unusable input. 3: "
    "no findings, but a call was denied or failed; the affected resources are listed as not seen and do not pass. An "
    "account without a cluster results in 0, or in 1 with --require-eks. All calls are read-only, except those of "
    "--security-hub. --print-policy prints the IAM policy for the given options."
)


@click.command("audit", epilog=_EPILOG)
@click.option(
    "--cluster", "clusters", multiple=True, metavar="NAME", help="Evaluate only this cluster. Repeatable. Default: all."
)
@click.option("--region", "regions", multiple=True, metavar="REGION",
              help="The Region to audit. Repeatable. Default: the Region of the profile.")  # fmt: skip
@click.option("--all-regions", is_flag=True, help="Audit every Region that is enabled for the account.")
@click.option(
    "--profile", metavar="NAME", help="The profile in the AWS configuration. Default: the default profile of the SDK."
)
@click.option("--role-arn", metavar="ARN", help="The role to assume first.")
@click.option("--organization", is_flag=True, help="Audit every account of the organization.")
@click.option("--organization-role", metavar="NAME", help="With --organization: the role to assume in each account.")
@click.option(
    "--ou",
    "units",
    multiple=True,
    metavar="ID",
    help="With --organization: audit only this organizational unit. Repeatable.",
)
@click.option("--aggregator", metavar="NAME",
              help="Read only this AWS Config aggregator, which covers many accounts with few details.")  # fmt: skip
@click.option("--against", type=NAME, metavar="PATH",
              help="A cdk.out directory or template: report differences, and resources in no stack.")  # fmt: skip
@click.option("--save", type=NAME, metavar="FILE", help="Save the account data to FILE, for `hardened-eks check`.")
@click.option(
    "--since", type=NAME, metavar="FILE", help="A file that an earlier --save wrote: report new and fixed findings."
)
@click.option("-w", "--waivers", multiple=True, type=NAME, metavar="FILE", help="A file with waivers. Repeatable.")
@click.option("--kubernetes", is_flag=True,
              help="Also read the Kubernetes API of each cluster, with the role of the audit.")  # fmt: skip
@click.option("--kubeconfig", type=NAME, metavar="FILE",
              help="With --kubernetes: a kubeconfig file with other credentials, whose commands are run.")  # fmt: skip
@click.option("--require-eks", is_flag=True, help="Exit with code 1 if there is no cluster.")
@click.option(
    "--security-hub",
    is_flag=True,
    help="Import findings into Security Hub. This is the only option that writes to AWS.",
)
@click.option("--print-policy", is_flag=True, help="Print the IAM policy that these options need, without calling AWS.")
@CONTROL_MODULES
@where_it_goes
@which_controls
def command(
    *,
    clusters: tuple[str, ...],
    regions: tuple[str, ...],
    all_regions: bool,
    profile: str | None,
    role_arn: str | None,
    organization: bool,
    organization_role: str | None,
    units: tuple[str, ...],
    aggregator: str | None,
    security_hub: bool,
    against: str | None,
    save: str | None,
    since: str | None,
    waivers: tuple[str, ...],
    kubernetes: bool,
    kubeconfig: str | None,
    require_eks: bool,
    print_policy: bool,
    modules: tuple[str, ...],
    format_: str,
    outputs: tuple[str, ...],
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    family: tuple[str, ...],
    severity: str,
    fail_on: str,
    today: datetime | None,
) -> None:
    """Evaluate the clusters of an account with the same controls as templates.

    It reads each cluster, the resources it uses (network, roles, keys, logs, nodes, registry, alarms), and the
    monitoring of the account (trails, detectors, recorders, backups, account settings). It changes nothing there.
    """
    with _startup.quick():
        need_boto3()
        from hardened_eks.cli._accounts import Wanted, policies

    wanted = Wanted(
        clusters, regions, all_regions=all_regions, profile=profile, role=role_arn, organization=organization,
        organization_role=organization_role, units=units, aggregator=aggregator, security_hub=security_hub,
        kubernetes=kubernetes, kubeconfig=kubeconfig,
    )  # fmt: skip
    if print_policy:
        contradictions = list(replace(wanted, all_regions=False).mistakes())  # --region beside it names the partition
        if contradictions:
            refuse(contradictions)
        _print(policies(wanted))
        return
    problems: list[object] = list(wanted.mistakes())
    catalogue, mistakes = with_own(modules)
    problems += mistakes
    controls, unknown = select(
        catalogue, only=only, exclude=exclude, families=map(Family, family), severity=Severity(severity)
    )
    problems += (mistake for mistake in unknown if mistake not in mistakes)
    files = outputs_of(outputs, problems)
    own = accepted(waivers, problems)
    problems += resolve(own, catalogue)[1]
    if save is not None and (fault := unwritable(save)):
        problems.append(InputProblem(save or "--save", fault))
    day = today.date() if today else _clock.today()
    if aggregator is not None:  # single resources are all that it knows
        controls = tuple(control for control in controls if control.needs == "resource")
    judging = Judging(controls, tuple(catalogue), own, fail_on, day)
    judging.read(against, since, problems)
    if problems:
        refuse(problems)
    environments = _looked(wanted)
    if save is not None:
        _save(environments, save, day)
    report = judging.report(environments)
    write(report, format_, files)
    if security_hub:
        _import(wanted, report, environments)
    sys.exit(exit_code(report, require_eks=require_eks))


def _print(policies: Sequence[dict[str, Any]]) -> None:
    """Print a policy; a list of policies where one is too long for IAM."""
    click.echo(json.dumps(policies[0] if len(policies) == 1 else policies, indent=2))
    if len(policies) > 1:
        note = f"this is a JSON list of {len(policies)}, attach each to the role"
        click.echo(f"one policy would be longer than IAM takes: {note}", err=True)


def _looked(wanted: Wanted) -> list[saved.Environment]:
    """Return the content of the accounts, or exit with a line that explains why they cannot be read."""
    from hardened_eks.cli._accounts import look
    from hardened_eks.cli._progress import progress

    try:
        with _startup.seldom(), progress() as show:
            return look(wanted, show)
    except UnusableInputError as error:
        refuse(error.problems)


def _import(wanted: Wanted, report: Report, environments: Sequence[saved.Environment]) -> None:
    from hardened_eks.cli._accounts import to_security_hub

    try:
        done, failed = to_security_hub(wanted, report, environments)
    except UnusableInputError as error:
        refuse(error.problems)
    sent, archived = sum(one.sent for one in done), sum(one.archived for one in done)
    click.echo(f"Security Hub: {sent} imported, {archived} archived, {len(failed)} failed", err=True)
    if failed:
        refuse(f"Security Hub: {text}" for text in failed)


def _save(environments: Sequence[saved.Environment], file: str, day: date) -> None:
    from hardened_eks import __version__

    try:
        _write_private(Path(file), saved.text(environments, day=day.isoformat(), version=__version__))
    except OSError as error:
        refuse([InputProblem(file, f"cannot be written: {error.strerror or error}")])


def _write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read: user data and function variables may contain secrets.

    An existing file may have a wider mode, and another process may have it open, so a new file replaces it as a whole.
    If the path is not a regular file, for example a pipe, the data is written to it.
    """
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8")
        return
    opened, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # mode 0600
    os.close(opened)
    made = Path(name)
    try:
        made.write_text(text, encoding="utf-8")
        made.replace(file)
    except OSError:
        made.unlink(missing_ok=True)
        raise
