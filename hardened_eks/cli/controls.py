"""`hardened-eks controls`: the catalog of controls and its coverage of frameworks."""

from __future__ import annotations

import itertools
import json
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardened_eks import conformance
from hardened_eks.cli import audit_manager
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import CONTROL_MODULES, FAMILIES, SEVERITIES, Group, put, with_own
from hardened_eks.cli._refusing import in_options, refuse
from hardened_eks.controls.frameworks import requirements
from hardened_eks.controls.model import Control, Family, Severity
from hardened_eks.errors import ConfigurationError
from hardened_eks.judging.selection import nearest, select
from hardened_eks.judging.waivers import WAIVER_CONTROLS
from hardened_eks.reports.as_json import describe, references
from hardened_eks.reports.coverage import as_csv, as_json, as_markdown, rows, title

if TYPE_CHECKING:
    from collections.abc import Sequence

_FRAMEWORK = click.option(
    "--framework",
    default="",
    metavar="ID",
    help="Write only requirements of this framework, such as cis-eks or nist-800-53-r5.",
)
_OUTPUT = click.option(
    "-o", "--output", type=NAME, metavar="FILE", help="Write to this file. Default: standard output."
)


_PRINTED = "Exit code 0: printed. 2: unusable input; all reasons are printed to standard error."
_WRITTEN = (
    "Exit code 0: written. 2: unusable input, or output that cannot be written; all reasons are printed to standard "
    "error."
)


@click.group("controls", cls=Group, invoke_without_command=True)
@_FRAMEWORK
@click.pass_context
def command(ctx: click.Context, framework: str) -> None:
    """List and explain the controls, write the coverage matrix and an OSCAL component definition.

    Without a subcommand: `list`.
    """
    if ctx.invoked_subcommand is None:
        _print_list(_of_framework(_all(()), framework), "text")
    elif framework:
        refuse([f"write --framework after the subcommand: controls {ctx.invoked_subcommand} --framework {framework}"])


@command.command("list", epilog=_PRINTED)
@_FRAMEWORK
@CONTROL_MODULES
@click.option(
    "--family", type=click.Choice(FAMILIES), multiple=True, help="List only this family of controls. Repeatable."
)
@click.option("--severity", type=click.Choice(SEVERITIES), default="low", show_default=True,
              help="List only controls with this severity or higher.")  # fmt: skip
@click.option("-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="Output format.")  # fmt: skip
def list_(*, framework: str, modules: tuple[str, ...], family: tuple[str, ...], severity: str, format_: str) -> None:
    """List the controls with ID, severity, family and title."""
    chosen, _ = select(_all(modules), families=map(Family, family), severity=Severity(severity))
    _print_list(_of_framework(chosen, framework), format_)


@command.command("show", epilog=_PRINTED)
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@CONTROL_MODULES
def show(ids: tuple[str, ...], modules: tuple[str, ...]) -> None:
    """Explain controls by ID or name."""
    catalogue = (*_all(modules), *WAIVER_CONTROLS)
    chosen, unknown = select(catalogue, only=ids)
    if unknown:
        refuse(unknown)
    click.echo("\n\n".join(_explain(control) for control in chosen))


@command.command("coverage", epilog=_WRITTEN)
@_FRAMEWORK
@CONTROL_MODULES
@click.option("-f", "--format", "format_", type=click.Choice(["markdown", "csv", "json"]), default="markdown",
              show_default=True, help="Output format.")  # fmt: skip
@_OUTPUT
def coverage(*, framework: str, modules: tuple[str, ...], format_: str, output: str | None) -> None:
    """Write the coverage matrix: each framework requirement, and the control or party that covers it."""
    _known(framework)
    render = {"markdown": as_markdown, "csv": as_csv, "json": as_json}[format_]
    put(render(rows(_all(modules), framework)), output)


@command.command("oscal", epilog=_WRITTEN)
@_FRAMEWORK
@CONTROL_MODULES
@_OUTPUT
def oscal(*, framework: str, modules: tuple[str, ...], output: str | None) -> None:
    """Write an OSCAL component definition of the catalog (JSON)."""
    from hardened_eks import __version__
    from hardened_eks.reports import oscal as definition

    _known(framework)
    now = datetime.now(UTC)
    put(definition.render(_all(modules), version=__version__, now=now, framework=framework), output)


@command.command("frameworks", epilog=_PRINTED)
@CONTROL_MODULES
def frameworks_(modules: tuple[str, ...]) -> None:
    """List the frameworks with ID, title, version and the number of requirements that controls cover."""
    for framework, group in itertools.groupby(rows(_all(modules)), key=lambda row: row.framework):
        own = list(group)
        answered = sum(bool(row.controls) for row in own)
        click.echo(f"{framework.id:<18} {answered:>4} of {len(own):>3}  {title(framework)}")


command.add_command(audit_manager.command)


@command.command("config-pack", epilog=_WRITTEN)
@click.option(
    "--region",
    required=True,
    metavar="REGION",
    help="The Region of the conformance packs; AWS Config does not support every rule in every Region.",
)
@click.option(
    "--tier", "tiers", multiple=True, type=click.Choice(conformance.TIERS), help="Write only this pack. Repeatable."
)
@click.option("-p", "--parameters", multiple=True, metavar="RULE.NAME=VALUE",
              help="The value of a rule parameter. Repeatable.")  # fmt: skip
@click.option(
    "--new-region", is_flag=True, help="Accept a Region that is newer than this package, and omit no rules for it."
)
@_FRAMEWORK
@click.option(
    "-o", "--output", type=NAME, metavar="DIR", help="Write each pack to DIR/NAME.yaml. Default: standard output."
)
def config_packs(
    *, region: str, tiers: tuple[str, ...], parameters: tuple[str, ...], new_region: bool, output: str | None,
    framework: str,
) -> None:  # fmt: skip
    """Write AWS Config conformance packs with the managed rules and Guard rules that cover the requirements.

    Omitted rules, and the reason for each, are printed to standard error.
    """
    given = _rule_parameters(parameters)
    try:
        made = conformance.packs(
            region=region, tiers=tiers or conformance.TIERS, framework=framework or None, parameters=given,
            new_region=new_region,
        )  # fmt: skip
    except ConfigurationError as error:
        refuse(in_options([problem.replace(conformance.NEW_REGION, "--new-region") for problem in error.problems]))
    for identifier, why in made.left_out.items():
        click.echo(f"omitted: {identifier}: {why}", err=True)
    if made.unknown:
        click.echo(
            f"warning: the list of managed rules does not contain {region}, so no rule is omitted; the "
            "whole pack fails if the Region does not support one of its rules",
            err=True,
        )
    if output is None:
        click.echo("---\n".join(f"# {pack.name}\n{pack.text}" for pack in made.packs), nl=False)
        return
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
        for pack in made.packs:
            file = Path(output) / f"{pack.name}.yaml"
            file.write_text(pack.text, encoding="utf-8")
            click.echo(f"{file}  {pack.rules} rules")
    except (OSError, ValueError) as error:
        refuse([f"{output}: cannot be written: {getattr(error, 'strerror', None) or error}"])


def _rule_parameters(parameters: Sequence[str]) -> dict[str, dict[str, str]]:
    given: dict[str, dict[str, str]] = {}
    problems = []
    for parameter in parameters:
        place, equals, value = parameter.partition("=")
        rule, dot, name = place.partition(".")
        if not (equals and dot and rule and name and value):
            problems.append(f"--parameters needs RULE.NAME=VALUE, got {parameter!r}")
        elif (known := given.setdefault(rule, {}).setdefault(name, value)) != value:
            problems.append(f"--parameters: {place} has two values, {known!r} and {value!r}: pass one of them")
    if problems:
        refuse(problems)
    return given


def _all(modules: Sequence[str]) -> tuple[Control, ...]:
    catalogue, mistakes = with_own(modules)
    if mistakes:
        refuse(mistakes)
    return catalogue


def _of_framework(controls: Sequence[Control], framework: str) -> list[Control]:
    _known(framework)
    return [
        c for c in controls if not framework or any(framework in requirements()[k].references for k in c.requirements)
    ]


def _known(framework: str) -> None:
    known = sorted({row.framework.id for row in rows(())}) if framework else []
    if framework and framework not in known:
        hint = nearest(framework, known)
        hint = hint if "did you" in hint else f"use one of {', '.join(known)}"
        refuse([f"unknown framework {framework!r}: {hint}"])


def _print_list(controls: Sequence[Control], format_: str) -> None:
    if format_ == "json":
        click.echo(json.dumps([describe(control) for control in controls], indent=2, ensure_ascii=False))
        return
    for control in controls:
        click.echo(f"{control.id}  {control.severity:<8}  {control.family:<10}  {control.title}")
    click.echo(f"{len(controls)} controls")


def _explain(control: Control) -> str:
    lines = [f"{control.id} {control.name}: {control.title}", ""]
    facts = {
        "severity": f"{control.severity}, {control.family}",
        "evaluates": ", ".join(control.types) or "waivers",
        "needs to see": control.seen if control.types else "",
        "if missing": control.absence,
        "why": control.why,
        "fix": control.fix,
        "does not see": control.blind,
        "enforced": f"by hardened.{control.enforced_by}" if control.enforced_by else "",
        "not enforced": control.detective,
        "source": control.source,
    }
    for key in control.requirements:
        requirement = requirements()[key]
        facts[f"{key}"] = requirement.title
    for framework, ids in references(control).items():
        facts[framework] = ", ".join(ids)
    for name, value in facts.items():
        if value:
            lines += textwrap.wrap(f"{name}: {value}", 110, initial_indent="  ", subsequent_indent="      ",
                                   break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return "\n".join(lines)
