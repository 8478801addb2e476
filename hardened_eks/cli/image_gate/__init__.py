"""`hardened-eks image-gate`: fail a pipeline if an image has too many vulnerabilities."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from hardened_eks.cli._aws import need_boto3
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import put, unwritable
from hardened_eks.cli._refusing import refuse
from hardened_eks.cli.image_gate.findings import Image, Verdict, limits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ABOVE, _NO_RESULT = 1, 3
_FORMATS: Final = ("text", "json", "sarif", "cyclonedx")
_NOT_ALLOWED: Final = {"AccessDeniedException", "AccessDenied"}
_EPILOG: Final = (
    "Exit code 0: within the limits. 1: above a limit. 2: unusable arguments, unknown image, or a call denied by AWS. "
    "3: no result, as the scan failed, is not possible or takes too long. An image without a result does not pass."
)


@click.command("image-gate", epilog=_EPILOG)
@click.argument("image", metavar="REPOSITORY@DIGEST")
@click.option("--max", "limits", multiple=True, metavar="SEVERITY=N",
              help="The maximum number of findings. Repeatable. Default: CRITICAL=0 and HIGH=0.")  # fmt: skip
@click.option("--ignore-unfixed", is_flag=True, help="Ignore findings for which Inspector knows no fix.")
@click.option("--wait", default=900, metavar="SECONDS", type=click.IntRange(0, 86_400), show_default=True,
              help="The maximum time to wait for the scan.")  # fmt: skip
@click.option(
    "--region", metavar="REGION", help="The Region. Default: the one in the registry name, or else that of the SDK."
)
@click.option(
    "--profile", metavar="NAME", help="The profile in the AWS configuration. Default: the default profile of the SDK."
)
@click.option("-f", "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True,
              help="Output format; cyclonedx is a CycloneDX 1.6 VEX document.")  # fmt: skip
@click.option("-o", "--output", type=NAME, metavar="FILE", help="Write to this file. Default: standard output.")
def command(
    *, image: str, limits: tuple[str, ...], ignore_unfixed: bool, wait: int, format_: str, output: str | None,
    region: str | None, profile: str | None,
) -> None:  # fmt: skip
    """Wait for the basic or enhanced (Amazon Inspector) scan of an Amazon ECR image, and evaluate its result.

    The identity needs ecr:DescribeImageScanFindings, and with enhanced scanning also inspector2:ListFindings and
    inspector2:ListCoverage. Run it in the pipeline, between push and deployment.
    """
    found = Image.of(image)
    chosen, problems = limits_of(limits)
    if found is None:
        problems.append(
            "REPOSITORY@DIGEST needs a digest, such as payments/web@sha256:..., because a tag can move to another "
            f"image after the gate; got {image!r}"
        )
    if output and (fault := unwritable(output)):
        problems.append(f"{output}: {fault}")
    if problems or found is None:
        refuse(problems)
    scan = _scan(found, wait, region or found.region or None, profile)
    verdict = Verdict.of(found, scan.findings, chosen, told=scan.counts, ignore_unfixed=ignore_unfixed)
    _write(verdict, format_, output)
    if not verdict.passed:
        sys.exit(_ABOVE)


def _scan(image: Image, wait: int, region: str | None, profile: str | None) -> Any:
    need_boto3()
    from botocore.exceptions import BotoCoreError, ClientError

    from hardened_eks.cli.image_gate.asking import NoResultError, scan_of

    try:
        with _progress(str(image), wait) as tick:
            return scan_of(_client(region, profile), image, wait_seconds=wait, tick=tick)
    except NoResultError as error:
        from hardened_eks.reports.model import clean

        click.echo(f"error: {clean(error)}", err=True)
        sys.exit(_NO_RESULT)
    except ClientError as error:
        told = error.response["Error"]
        need = "; the identity needs ecr:DescribeImageScanFindings" if told["Code"] in _NOT_ALLOWED else ""
        refuse([f"ECR returned {told['Code']}: {told.get('Message', '')}{need}"])
    except (BotoCoreError, OSError) as error:
        refuse([f"ECR cannot be called: {error}"])


def _client(region: str | None, profile: str | None) -> Any:
    from hardened_eks.cli.data.asking import client

    return client("ecr", region, profile)  # type: ignore[arg-type]


@contextmanager
def _progress(image: str, wait: int) -> Iterator[Callable[[str, float], object]]:
    """Show on a terminal how long the scan takes; otherwise show nothing."""
    from hardened_eks.cli.image_gate.asking import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(image.partition("@")[0], total=wait or 1)

        def tick(status: str, elapsed: float) -> None:
            bar.update(task, completed=elapsed, description=f"scan of {image.partition('@')[0]}: {status}")

        yield tick


def _write(verdict: Verdict, format_: str, output: str | None) -> None:
    from hardened_eks.cli.image_gate.formats import FORMATS

    put(FORMATS[format_](verdict), output)
    if output is not None:
        click.echo(FORMATS["text"](verdict).splitlines()[-1], err=True)
