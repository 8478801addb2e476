"""`hardened-eks data`: bring the package's data up to date; the one command that asks AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hardened_eks import _clock
from hardened_eks.cli._options import refuse, unwritable
from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.exceptions import ClientError

T = TypeVar("T")

_TYPES = "instance-types"
_ALL = ("versions", "addons", "endpoints", "images", "auto-mode", _TYPES)
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
    _check_region(region)
    file = Path(output) if output else Path(instances.__file__).with_name("instance_types.json")
    fault = unwritable(str(file))
    if fault:
        refuse([f"{file}: {fault}"])
    _write_types(file, region, profile, chosen=bool(output))


@command.command("refresh", epilog="Exit code 0: written. 2: not written, or not all of it, and the reason.")
@click.option(
    "--only", multiple=True, type=click.Choice(_ALL), help="What to ask for. Repeatable. Default: everything."
)
@click.option("--region", default="us-east-1", show_default=True, metavar="REGION", help="Where to ask.")
@click.option("--profile", metavar="NAME", help="Profile of the AWS configuration. Default: what the SDK finds.")
@click.option("-o", "--output", metavar="FOLDER", help="Write to this folder. Default: the package's own data.")
def refresh(*, only: tuple[str, ...], region: str, profile: str | None, output: str | None) -> None:
    """Ask AWS for Kubernetes versions, add-ons, endpoint services, parameters of images, policies and instance types.

    The identity needs eks:DescribeClusterVersions, eks:DescribeAddonVersions, ec2:DescribeVpcEndpointServices,
    ssm:GetParameters, iam:GetPolicy and ec2:DescribeInstanceTypes. What a person has read (policies of add-ons, names
    in China) stays.
    """
    _check_region(region)
    package = Path(instances.__file__).parent
    folder = Path(output) if output else package
    if not folder.is_dir():
        refuse([f"--output needs a folder that there is, got {output!r}"])
    for name in only or _ALL:
        if name == _TYPES:
            _write_types(folder / "instance_types.json", region, profile, chosen=bool(output))
        else:
            _write_kind(name, package, folder, region, profile)


def _write_kind(name: str, package: Path, folder: Path, region: str, profile: str | None) -> None:
    from hardened_eks.cli.data.asking import KINDS, client

    kind = KINDS[name]
    service, file = kind.service.upper(), folder / kind.file
    now, today = (package / kind.file).read_text(encoding="utf-8"), _clock.today().isoformat()
    answer = _asking(
        service, kind.permission, region, lambda: kind.ask(client(kind.service, region, profile), now, region, today)
    )
    if not answer.total:
        refuse([f"{service} in {region} names no {kind.what}, {file} is left as it is"])
    _writing(file, lambda: file.write_text(answer.text, encoding="utf-8"), chosen=folder != package)
    click.echo(f"{file}: {answer.total} {kind.what} of {region}, {answer.new} new")


def _check_region(region: str) -> None:
    if not region.strip():
        refuse([f"--region needs the name of an AWS region such as us-east-1, got {region!r}"])


def _write_types(file: Path, region: str, profile: str | None, *, chosen: bool) -> None:
    types = _ask(region, profile)
    if not types:
        refuse([f"EC2 in {region} names no instance type, {file} is left as it is"])
    from hardened_eks.cli.data.instance_types import rewrite

    today = _clock.today().isoformat()
    done = _writing(file, lambda: rewrite(file, types, region=region, today=today), chosen=chosen)
    click.echo(f"{file}: {done.total} instance types of {region}, {done.new} new, {done.gone} gone")


def _writing(file: Path, write: Callable[[], T], *, chosen: bool) -> T:
    try:
        return write()
    except OSError as error:
        hint = "" if chosen else "; name another file with --output"
        refuse([f"{file}: cannot be written: {error.strerror or error}{hint}"])


def _ask(region: str, profile: str | None) -> list[Mapping[str, Any]]:
    def ask() -> list[Mapping[str, Any]]:
        from hardened_eks.cli.data.instance_types import ask

        return ask(region=region, profile=profile)

    return _asking("EC2", "ec2:DescribeInstanceTypes", region, ask)


def _asking(service: str, permission: str, region: str, ask: Callable[[], T]) -> T:
    """Return what a service says; end with a line that says why it says nothing."""
    try:
        import boto3  # noqa: F401 - to tell what is missing
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
    except ImportError as error:
        refuse([f"{error.name} is not installed: pip install 'boto3>=1.43'"])
    try:
        return ask()
    except NoCredentialsError:
        refuse(["no AWS credentials were found: pass --profile, set AWS_PROFILE, or log in"])
    except ClientError as error:
        refuse([_refusal(error, service, permission, region)])
    except (BotoCoreError, OSError) as error:
        refuse([f"{service} in {region} cannot be asked: {error}"])


def _refusal(error: ClientError, service: str, permission: str, region: str) -> str:
    told = error.response["Error"]
    code = told.get("Code", "")
    if code in _NOT_ALLOWED:
        return f"{service} in {region} refuses: the identity needs {permission} ({code})"
    if code == "AuthFailure":
        return (
            f"{service} in {region} refuses: the credentials are not valid there, or the region is not enabled ({code})"
        )
    return f"{service} in {region} refuses: {told.get('Message', '')} ({code})"
