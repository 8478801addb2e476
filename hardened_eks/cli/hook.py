"""`hardened-eks hook`: the code of the CloudFormation hook, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import Group
from hardened_eks.cli._refusing import refuse
from hardened_eks.sources import InputProblem


@click.group("hook", cls=Group)
def command() -> None:
    """Work with the CloudFormation hook that evaluates templates before they are deployed."""


@command.command("package", epilog="Exit code 0: written. 2: the archive cannot be written.")
@click.option(
    "-o", "--output", type=NAME, metavar="DIR", default=".", show_default=True, help="Write the archive to this folder."
)
def package(output: str) -> None:
    """Write the code of the hook function as a ZIP archive, and print the file name.

    The name contains a hash of the content, and `hardened.Hook(code_bucket_prefix=...)` expects this file in a bucket
    in each Region. The same release has the same name on every machine.
    """
    from hardened_eks._modules import at
    from hardened_eks.hook._code import CODE

    if not at("hardened_eks.hook").joinpath("_code.py").is_file():
        refuse(["the single-file program has no sources for the archive: install the package hardened-eks"])
    file = Path(output) / CODE.name
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(CODE.archive())
    except (OSError, ValueError) as error:
        refuse([InputProblem(output, f"cannot be written: {getattr(error, 'strerror', None) or error}")])
    click.echo(str(file))
