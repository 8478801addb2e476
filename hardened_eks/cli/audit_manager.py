"""`hardened-eks controls audit-manager`: the Audit Manager controls, which CloudFormation cannot create."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._refusing import refuse
from hardened_eks.data.audit_manager import CLOSED, CONTROLS, SET


@click.command("audit-manager", epilog="Exit code 0: written. 2: output that cannot be written.")
@click.option("-o", "--output", type=NAME, metavar="DIR",
              help="Write each control to DIR/NAME.json, and print the commands that create them. Default: standard "
              "output.")  # fmt: skip
def command(*, output: str | None) -> None:
    """Write AWS Audit Manager controls for EKS, for accounts that can use the service.

    CloudFormation creates frameworks and assessments, but not controls. Create the controls with the AWS CLI, and pass
    their IDs to `hardened_eks.AuditAssessment`.
    """
    click.echo(f"note: {CLOSED}", err=True)
    if output is None:
        click.echo(json.dumps(list(CONTROLS), indent=2))
        return
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
        for control in CONTROLS:
            file = Path(output) / f"{_file(control['name'])}.json"
            file.write_text(json.dumps(control, indent=2) + "\n", encoding="utf-8")
            source = shlex.quote(f"file://{file}")
            click.echo(f"aws auditmanager create-control --cli-input-json {source} --query control.id --output text")
    except (OSError, ValueError) as error:
        refuse([f"{output}: cannot be written: {getattr(error, 'strerror', None) or error}"])
    click.echo(f"note: each command prints an ID; pass the IDs as control_sets={{{SET!r}: [...]}}", err=True)


def _file(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")
