"""End a command whose options or input are unusable, with a line for each reason."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from hardened_eks.cli._run import UNUSABLE
from hardened_eks.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Iterable


def refuse(problems: Iterable[object]) -> NoReturn:
    """Print every problem on its own line to standard error and exit with code 2."""
    from hardened_eks.reports.model import clean

    for problem in problems:
        click.echo(f"error: {clean(problem)}", err=True)
    sys.exit(UNUSABLE)


def without_effect(names: Iterable[str], why: str) -> list[InputProblem]:
    """Return a problem for each parameter of the command that the user set, though it has no effect.

    Args:
        names: the Python names of the parameters. Those with a default value count only if the user set them.
        why: the reason, such as ``has no effect with --schema``.
    """
    context = click.get_current_context()
    given = (
        parameter
        for parameter in context.command.params
        if parameter.name in set(names) and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
    )
    return [InputProblem(shown(parameter), why) for parameter in given]


def shown(parameter: click.Parameter) -> str:
    """Return a parameter as the help names it."""
    return max(parameter.opts, key=len) if isinstance(parameter, click.Option) else str(parameter.name).upper()
