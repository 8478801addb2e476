"""`hardened-eks detections`: the detections with the values of one cluster."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._refusing import refuse
from hardened_eks.detections import DETECTIONS, Detection, Parameters, read
from hardened_eks.detections.rendering import as_json, as_markdown, as_text
from hardened_eks.errors import ConfigurationError, InputProblem

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command(
    "detections", epilog="Exit code 0: printed. 2: unusable input; all reasons are printed to standard error."
)
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option(
    "--parameters-file",
    "file",
    type=NAME,
    metavar="FILE",
    help="A JSON file with the names, keys and roles of the cluster. Default: placeholders such as <cluster>.",
)
@click.option("-f", "--format", "format_", type=click.Choice(["text", "json", "markdown"]), default="text",
              show_default=True, help="Output format.")  # fmt: skip
def command(*, ids: tuple[str, ...], file: str | None, format_: str) -> None:
    """Print the ID, severity, source and expression of detections. With IDs, print only these, with their runbooks.

    Expressions are EventBridge patterns, CloudWatch metric-filter patterns and alarms. The constructs deploy the same.
    """
    parameters = _parameters(file) if file else Parameters()
    chosen = _chosen(ids)
    try:
        if format_ == "json":
            shown = as_json(parameters, chosen)
        elif format_ == "markdown":
            shown = as_markdown(parameters, chosen)
        else:
            shown = as_text(parameters, chosen, runbooks=bool(ids))
    except ConfigurationError:
        refuse(_too_long(chosen, parameters))
    click.echo(shown, nl=False)


def _chosen(ids: tuple[str, ...]) -> tuple[Detection, ...]:
    known = {detection.id: detection for detection in DETECTIONS}
    unknown = [f"unknown detection {id_!r}: {_nearest(id_, known)}" for id_ in ids if id_ not in known]
    if unknown:
        refuse(unknown)
    return tuple(known[id_] for id_ in dict.fromkeys(ids)) or DETECTIONS


def _nearest(id_: str, known: Iterable[str]) -> str:
    near = get_close_matches(id_, known, n=2, cutoff=0.5)
    return f"did you mean {', '.join(near)}" if near else "`hardened-eks detections` lists them all"


def _parameters(file: str) -> Parameters:
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        refuse([str(InputProblem.unreadable(file, error))])
    except UnicodeDecodeError as error:
        refuse([f"{file}: not UTF-8: {error.reason} at byte {error.start}"])
    twice: list[str] = []
    try:
        values = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, twice))
    except (ValueError, RecursionError) as error:
        refuse([f"{file}: not JSON: {error}"])
    problems = [f"{name}: defined more than once" for name in twice]
    try:
        parameters = read(values, file)
    except ConfigurationError as error:
        problems += error.problems
    if problems:
        refuse(f"{file}: {problem}" for problem in problems)
    return parameters


def _object(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and name not in twice:
            twice.append(name)
        found[name] = value
    return found


def _too_long(detections: tuple[Detection, ...], parameters: Parameters) -> list[str]:
    """Report which list to shorten for each expression that exceeds an AWS limit."""
    problems = []
    for detection in detections:
        for expression in detection.expressions:
            try:
                expression.filled(parameters)
            except ConfigurationError as error:
                problems += [f"{detection.id}, {expression.source}: {problem}" for problem in error.problems]
    return problems
