"""`hardened-eks data`: update the data of the package from AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hardened_eks import _clock
from hardened_eks.cli._aws import need_boto3
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import Group, unwritable
from hardened_eks.cli._refusing import refuse
from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.exceptions import ClientError

    from hardened_eks.cli.data.writing import Told

T = TypeVar("T")

_TYPES = "instance-types"
_KINDS = ("versions", "addons", "addon-versions", "endpoints", "images", "auto-mode", "regions", _TYPES)
_FIRST = "us-east-1"
_FEW = 4
"""The number of Regions that a line lists by name."""
_NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}


def _identity(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for the Regions to read and the credentials."""
    options = (
        click.option("--region", "regions", multiple=True, metavar="REGION",
                     help=f"The Region to read. Repeatable. Default: {_FIRST}."),
        click.option("--all-regions", is_flag=True,
                     help="Read every Region that is enabled for the account, those of --region first."),
        click.option("--profile", metavar="NAME",
                     help="The profile in the AWS configuration. Default: the default profile of the SDK."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group("data", cls=Group)
def command() -> None:
    """Update the data that comes with this package. It reads the data from AWS, so it needs credentials."""


@command.command("refresh-instance-types", epilog="Exit code 0: written. 2: not written; the reason is printed.")
@_identity
@click.option("-o", "--output", type=NAME, metavar="FILE", help="Write to this file. Default: the file of the package.")
def refresh_instance_types(
    *, regions: tuple[str, ...], all_regions: bool, profile: str | None, output: str | None
) -> None:
    """Read the instance types from EC2, and write the file that node groups and controls use.

    The identity needs ec2:DescribeInstanceTypes, and ec2:DescribeRegions for `--all-regions`. New types appear
    first in us-east-1; China and GovCloud have other Regions.
    """
    file = Path(output) if output else Path(instances.__file__).with_name("instance_types.json")
    fault = unwritable(str(file))
    if fault:
        refuse([f"{file}: {fault}"])
    _write_types(file, _regions(regions, profile, every=all_regions), profile, chosen=bool(output))


@command.command("refresh", epilog="Exit code 0: written. 2: not written, or only in part; the reason is printed.")
@click.option(
    "--only", multiple=True, type=click.Choice(_KINDS), help="The data to refresh. Repeatable. Default: everything."
)
@_identity
@click.option(
    "-o", "--output", type=NAME, metavar="DIR", help="Write to this folder. Default: the data folder of the package."
)
def refresh(
    *, only: tuple[str, ...], regions: tuple[str, ...], all_regions: bool, profile: str | None, output: str | None
) -> None:
    """Read the data of the package from AWS: Kubernetes versions, add-ons, endpoint services and more.

    It also reads add-on versions, image parameters, Auto Mode policies, Regions and instance types.

    The identity needs eks:DescribeClusterVersions, eks:DescribeAddonVersions, ec2:DescribeVpcEndpointServices,
    ssm:GetParameters, iam:GetPolicy, ec2:DescribeRegions and ec2:DescribeInstanceTypes. Each file gets the entries of
    all Regions; if they differ, the first Region counts. If a Region cannot be read, the file stays unchanged. Entries
    that a person maintains (policies of add-ons, names in China) are kept.
    """
    package = Path(instances.__file__).parent
    folder = Path(output) if output else package
    if not folder.is_dir():
        refuse([f"--output needs an existing folder, got {output!r}"])
    asked = _regions(regions, profile, every=all_regions)
    for name in only or _KINDS:
        if name == _TYPES:
            _write_types(folder / "instance_types.json", asked, profile, chosen=bool(output))
        else:
            _write_kind(name, package, folder, asked, profile)


def _write_kind(name: str, package: Path, folder: Path, regions: list[str], profile: str | None) -> None:
    from hardened_eks.cli.data.asking import KINDS, client, merged

    kind = KINDS[name]
    service, file = kind.service.upper(), folder / kind.file

    def ask(region: str) -> Told:
        return _asking(
            service, kind.permission, region, lambda: kind.ask(client(kind.service, region, profile), region)
        )

    told = merged([ask(region) for region in regions])
    if not told:
        refuse([f"{service} in {_several(regions)} returned no {kind.what}, so {file} is unchanged"])
    now, today = (package / kind.file).read_text(encoding="utf-8"), _clock.today().isoformat()
    answer = kind.put(now, told, f"{kind.permission} in {', '.join(regions)}", today)
    _writing(file, lambda: file.write_text(answer.text, encoding="utf-8"), chosen=folder != package)
    click.echo(f"{file}: {answer.total} {kind.what} of {_several(regions)}, {answer.new} new")


def _regions(given: tuple[str, ...], profile: str | None, *, every: bool) -> list[str]:
    """Return the Regions to read, without duplicates."""
    wrong = [region for region in given if not region.strip()]
    if wrong:
        refuse([f"--region needs the name of an AWS Region such as {_FIRST}, got {wrong[0]!r}"])
    named = list(dict.fromkeys(region.strip() for region in given))
    if not every:
        return named or [_FIRST]
    return list(dict.fromkeys((*named, *_enabled(named, profile))))


def _enabled(named: list[str], profile: str | None) -> list[str]:
    """Read the enabled Regions of the account, in the first given Region or in us-east-1."""
    from hardened_eks.cli.data import asking

    first = named[0] if named else _FIRST
    return _asking(
        "EC2", "ec2:DescribeRegions", first, lambda: asking.enabled_regions(asking.client("ec2", first, profile))
    )


def _several(regions: list[str]) -> str:
    return ", ".join(regions) if len(regions) <= _FEW else f"{len(regions)} Regions"


def _write_types(file: Path, regions: list[str], profile: str | None, *, chosen: bool) -> None:
    types = [entry for region in regions for entry in _ask(region, profile)]
    if not types:
        refuse([f"EC2 in {_several(regions)} returned no instance types, so {file} is unchanged"])
    from hardened_eks.cli.data.instance_types import rewrite

    today = _clock.today().isoformat()
    done = _writing(file, lambda: rewrite(file, types, regions=", ".join(regions), today=today), chosen=chosen)
    click.echo(f"{file}: {done.total} instance types of {_several(regions)}, {done.new} new, {done.gone} gone")


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
    """Return the response of a service, or exit with the reason for a failed call."""
    need_boto3()
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        return ask()
    except NoCredentialsError:
        refuse(["no AWS credentials were found: pass --profile, set AWS_PROFILE, or log in"])
    except ClientError as error:
        refuse([_refusal(error, service, permission, region)])
    except (BotoCoreError, OSError) as error:
        refuse([f"{service} in {region} cannot be called: {error}"])


def _refusal(error: ClientError, service: str, permission: str, region: str) -> str:
    told = error.response["Error"]
    code = told.get("Code", "")
    if code in _NOT_ALLOWED:
        return f"{service} in {region} denied the call: the identity needs {permission} ({code})"
    if code == "AuthFailure":
        return (
            f"{service} in {region} denied the call: the credentials are not valid there, or the Region is not "
            f"enabled ({code})"
        )
    return f"{service} in {region} rejected the call: {told.get('Message', '')} ({code})"
