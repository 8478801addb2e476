"""End a command whose options or input are unusable, with a line for each reason."""

from __future__ import annotations

import re
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


def in_options(problems: Iterable[str]) -> list[str]:
    """Return problems of a construct's arguments with the names of the command's options, where it has them.

    A name is at the beginning of a problem. Elsewhere, it is one only if it has an underscore: others may be words.
    """
    options = {str(one.name): shown(one) for one in click.get_current_context().command.params}
    names = "|".join(map(re.escape, options))
    name = re.compile(rf"^({names})(?= )|\b({'|'.join(re.escape(one) for one in options if '_' in one)})\b")
    return [name.sub(lambda match: options[match[0]], problem) for problem in problems]


def shown(parameter: click.Parameter) -> str:
    """Return a parameter as the help names it."""
    return max(parameter.opts, key=len) if isinstance(parameter, click.Option) else str(parameter.name).upper()
