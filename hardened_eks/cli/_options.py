"""Options that several commands share, and the output of their errors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._refusing import refuse
from hardened_eks.controls.model import Family, Severity
from hardened_eks.judging.evaluation import LEVELS
from hardened_eks.judging.scope import Scope
from hardened_eks.reports import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hardened_eks.controls.model import Control

FAMILIES = [family.value for family in Family]
SEVERITIES = [severity.value for severity in Severity]


class _Day(click.DateTime):
    """A date, with an error that shows how to write one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"needs an existing date as YYYY-MM-DD, such as 2027-01-31, got {value!r}", param, ctx)


DAY = _Day(["%Y-%m-%d"])


class Group(click.Group):
    """A group whose error on an unknown subcommand lists the known ones."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Fail if the subcommand is unknown; the error lists the known ones."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            ctx.fail(f"unknown command {args[0]!r}: available commands: {', '.join(sorted(self.commands))}")
        return super().resolve_command(ctx, args)


CONTROL_MODULES = click.option(
    "--control-module", "modules", multiple=True, metavar="MODULE",
    help="Add your own controls from an importable module or a .py file, whose code is run. Repeatable.",
)  # fmt: skip

_EVIDENCE = (
    click.option("-w", "--waivers", multiple=True, type=NAME, metavar="FILE", help="A file with waivers. Repeatable."),
    click.option("--against", type=NAME, metavar="PATH",
                 help="The deployed cdk.out directory or template, to evaluate changes against it."),
    click.option("-p", "--parameters", multiple=True, metavar="[STACK:]KEY=VALUE",
                 help="Set a template parameter, whose value is otherwise unknown. Repeatable."),
    click.option("--complete", multiple=True, metavar="TYPE|all",
                 help="State that PATHS contain all resources of this type: a missing one (a trail, a detector) "
                      "then fails. Repeatable."),
    click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default="eks", show_default=True,
                 help="Evaluate only resources that belong to a cluster, or all resources."),
    click.option("--require-eks", is_flag=True, help="Exit with code 1 if nothing was examined."),
    CONTROL_MODULES,
)  # fmt: skip

_CHOICE = (
    click.option("-c", "--control", "only", multiple=True, metavar="ID",
                 help="Evaluate only this control. Repeatable."),
    click.option("-x", "--exclude", multiple=True, metavar="ID", help="Skip this control. Repeatable."),
    click.option("--family", type=click.Choice(FAMILIES), multiple=True,
                 help="Evaluate only this family of controls. Repeatable."),
    click.option("--severity", type=click.Choice(SEVERITIES), default="low", show_default=True,
                 help="Evaluate only controls with this severity or higher."),
    click.option("--fail-on", type=click.Choice(LEVELS), default="low", show_default=True,
                 help="Findings with a lower severity are warnings, which are printed but do not change the "
                 "exit code. `incomplete`: an incomplete verdict fails as well."),
    click.option("--today", type=DAY, metavar="YYYY-MM-DD",
                 help="Evaluate waivers and versions as of this date. Default: today, UTC."),
)  # fmt: skip
_OUTPUT = (
    click.option("-f", "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True,
                 help="Output format."),
    click.option("-o", "--output", "outputs", multiple=True, type=NAME, metavar="[FORMAT=]FILE",
                 help="Write the report to a file; with FORMAT=, an additional report in that format. Repeatable."),
)  # fmt: skip


def which_controls(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that select the controls, the severities that fail and the date of the evaluation."""
    for option in reversed(_CHOICE):
        command = option(command)
    return command


def where_it_goes(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for the format and the file of a report."""
    for option in reversed(_OUTPUT):
        command = option(command)
    return command


def what_is_judged(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for the evidence: waivers, parameters, scope and the user's own controls."""
    for option in reversed(_EVIDENCE):
        command = option(command)
    return command


def with_own(modules: Sequence[str]) -> tuple[tuple[Control, ...], list[str]]:
    """Return the controls of this library, of installed packages and of `modules`; and all mistakes.

    Modules are also found in the working directory, and files can import modules from their own folder.
    """
    from hardened_eks.judging import own_controls

    if modules:
        folders = [str(Path(module).absolute().parent) for module in modules if module.endswith(".py")]
        sys.path += [folder for folder in dict.fromkeys([*folders, str(Path.cwd())]) if folder not in sys.path]
    return own_controls.with_own(modules=modules)


def unwritable(file: str) -> str | None:
    """Return why a file cannot be written, if its name shows it: its folder is missing, or it is a folder itself."""
    folder = os.path.dirname(file) or "."  # noqa: PTH120 - `os.path` raises nothing, whatever the name is
    if not file:
        return "cannot be written: the name of the file is empty"
    if not os.path.isdir(folder):  # noqa: PTH112
        return f"cannot be written: the folder {folder} does not exist"
    return "cannot be written: it is a folder, not a file" if os.path.isdir(file) else None  # noqa: PTH112


def put(text: str, output: str | None) -> None:
    """Write a string to a file, or print it if no file is set."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        refuse([f"{output}: cannot be written: {error.strerror or error}"])
