"""`hardened-eks data`: bring the package's data up to date; the one command that asks AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardened_eks import _clock
from hardened_eks.cli._options import refuse, unwritable
from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.exceptions import ClientError

_NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


@click.group("data")
def command() -> None:
    """Bring the data that comes with this package up to date. Asks AWS, so it needs credentials."""


@command.command("refresh-instance-types", epilog="Exit code 0: written. 2: not written, and the reason.")
@click.option("--region", default="us-east-1", show_default=True, metavar="REGION",
              help="Where to ask. New types come to us-east-1 first; China and GovCloud need their own.")  # fmt: skip
@click.option("--profile", metavar="NAME", help="Profile of the AWS configuration. Default: what the SDK finds.")
@click.option("-o", "--output", metavar="FILE", help="Write to this file. Default: the package's own.")
def refresh_instance_types(*, region: str, profile: str | None, output: str | None) -> None:
    """Ask EC2 which instance types there are; what node groups and controls know of them is in that file.

    The identity needs ec2:DescribeInstanceTypes.
    """
    if not region.strip():
        refuse([f"--region needs the name of an AWS region such as us-east-1, got {region!r}"])
    file = Path(output) if output else Path(instances.__file__).with_name("instance_types.json")
    fault = unwritable(str(file))
    if fault:
        refuse([f"{file}: {fault}"])
    types = _ask(region, profile)
    if not types:
        refuse([f"EC2 in {region} names no instance type, {file} is left as it is"])
    from hardened_eks.cli.data.instance_types import rewrite

    try:
        done = rewrite(file, types, region=region, today=_clock.today().isoformat())
    except OSError as error:
        hint = "" if output else "; name another file with --output"
        refuse([f"{file}: cannot be written: {error.strerror or error}{hint}"])
    click.echo(f"{file}: {done.total} instance types of {region}, {done.new} new, {done.gone} gone")


def _ask(region: str, profile: str | None) -> list[Mapping[str, Any]]:
    try:
        import boto3  # noqa: F401 - to tell what is missing
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
    except ImportError as error:
        refuse([f"{error.name} is not installed: pip install 'boto3>=1.43'"])
    from hardened_eks.cli.data.instance_types import ask

    try:
        return ask(region=region, profile=profile)
    except NoCredentialsError:
        refuse(["no AWS credentials were found: pass --profile, set AWS_PROFILE, or log in"])
    except ClientError as error:
        refuse([_refusal(error, region)])
    except (BotoCoreError, OSError) as error:
        refuse([f"EC2 in {region} cannot be asked: {error}"])


def _refusal(error: ClientError, region: str) -> str:
    told = error.response["Error"]
    code = told.get("Code", "")
    if code in _NOT_ALLOWED:
        return f"EC2 in {region} refuses: the identity needs ec2:DescribeInstanceTypes ({code})"
    if code == "AuthFailure":
        return f"EC2 in {region} refuses: the credentials are not valid there, or the region is not enabled ({code})"
    return f"EC2 in {region} refuses: {told.get('Message', '')} ({code})"
