"""`hardened-eks diagram`: draw the resources of templates."""

from __future__ import annotations

import json

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import put, unwritable
from hardened_eks.cli._reading import fixed, read
from hardened_eks.cli._refusing import refuse, without_effect
from hardened_eks.diagram import Theme, draw, gather
from hardened_eks.sources import InputProblem


@click.command("diagram", epilog="Exit code 0: drawn. 2: unusable input, or output that cannot be written.")
@click.argument("paths", type=NAME, nargs=-1, required=True)
@click.option("-f", "--format", "format_", type=click.Choice(["svg", "json"]), default="svg", show_default=True,
              help="Draw an SVG picture, or write its content as data.")  # fmt: skip
@click.option("-o", "--output", type=NAME, metavar="FILE", help="Write to this file. Default: standard output.")
@click.option("--theme", type=click.Choice([theme.value for theme in Theme]), default="auto", show_default=True,
              help="The colors; auto follows the setting of the viewer's system.")  # fmt: skip
@click.option("-p", "--parameters", multiple=True, metavar="[STACK:]KEY=VALUE",
              help="Set a template parameter, whose value is otherwise unknown. Repeatable.")  # fmt: skip
def command(
    *, paths: tuple[str, ...], format_: str, output: str | None, theme: str, parameters: tuple[str, ...]
) -> None:
    """Draw cdk.out directories and CloudFormation templates as an SVG with a width of 830 pixels.

    The diagram shows control planes, nodes, networks and endpoints, connections with their ports, the data that each
    key encrypts, and the principals that can assume each role. Missing values are drawn as "not known".
    """
    problems: list[object] = []
    if format_ != "svg":
        problems += without_effect(("theme",), f"has no effect with --format {format_}: leave it out")
    known = fixed(parameters, problems)
    fault = unwritable(output) if output else ""
    if fault:
        problems.append(InputProblem(str(output), fault))
    loaded = read(paths, known, None, problems)
    if problems or loaded is None or loaded.unread:
        refuse((*problems, *(loaded.unread if loaded else ())))
    facts = gather(loaded.assembly, tuple(loaded.notes))
    if format_ == "svg":
        text = draw(facts, Theme(theme))
    else:
        text = json.dumps(facts.as_json(), indent=2, ensure_ascii=False) + "\n"
    put(text, output)
