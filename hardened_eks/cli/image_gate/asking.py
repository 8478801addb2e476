"""Wait for the scan of an image in Amazon ECR, and read its findings."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.cli.image_gate.findings import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardened_eks.cli.image_gate.findings import Finding, Image

_WAIT: Final = {"IN_PROGRESS", "PENDING"}
_DONE: Final = {"COMPLETE", "ACTIVE"}
"""COMPLETE for a basic scan. ACTIVE for an enhanced scan, because Inspector rescans for new vulnerabilities."""
_WHY: Final = {
    "UNSUPPORTED_IMAGE": "ECR cannot scan it, because it is an index of several platforms or has an unknown operating"
    " system; pass the digest of each platform, or scan it with another tool",
    "FAILED": "the scan failed; start it again with aws ecr start-image-scan",
    "SCAN_ELIGIBILITY_EXPIRED": "Inspector no longer scans it, because it was pushed too long ago; push it again, or"
    " increase the scan duration",
    "FINDINGS_UNAVAILABLE": "its findings are not available",
    "LIMIT_EXCEEDED": "an ECR quota is exceeded; try again later",
    "IMAGE_ARCHIVED": "it is archived: restore it first",
}
_PAUSE_SECONDS: Final = 5.0


class NoResultError(Exception):
    """The reason why there is no result to evaluate. An image without a result does not pass."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A finished scan."""

    findings: list[Finding]
    counts: Mapping[str, int]
    """The number of findings that ECR counts, by severity."""
    completed: str
    """The time of completion in ISO 8601. Empty if it is not known."""


def silent(_status: str, _elapsed: float) -> None:
    """Show no progress."""


def scan_of(
    ecr: Any,
    image: Image,
    *,
    wait_seconds: float,
    tick: Callable[[str, float], object] = silent,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Scan:
    """Return the scan of an image.

    Args:
        ecr: a boto3 client for ECR.
        image: the image.
        wait_seconds: the maximum time to wait for a scan that has not started or finished.
        tick: called with the status and the seconds since the start, after each request for the status.
        sleep: a function that waits.
        clock: a function that returns the time in seconds.

    Raises:
        NoResultError: the scan is not possible, failed, or takes longer.
        botocore.exceptions.ClientError: ECR rejected the call, for example because the image does not exist.
    """
    start = clock()
    while True:
        status, why, answer = _ask(ecr, image)
        elapsed = clock() - start
        tick(status, elapsed)
        if status in _DONE and _finished(answer):
            return _read(ecr, image, answer)
        if status not in _WAIT | _DONE:
            told = f" ({why})" if why else ""
            raise NoResultError(f"{image}: {_WHY.get(status, f'unknown status {status}')}{told}")
        if elapsed + _PAUSE_SECONDS > wait_seconds:
            raise NoResultError(
                f"{image}: no result after {elapsed:.0f} seconds, its status is {status}{_hint(status)}"
            )
        sleep(_PAUSE_SECONDS)


def _hint(status: str) -> str:
    return "; is the repository scanned on push?" if status == "PENDING" else ""


def _ask(ecr: Any, image: Image) -> tuple[str, str, Mapping[str, Any]]:
    try:
        answer: Mapping[str, Any] = ecr.describe_image_scan_findings(**_arguments(image))
    except ecr.exceptions.ScanNotFoundException:
        return "PENDING", "", {}  # it begins some seconds after the push
    status = answer.get("imageScanStatus") or {}
    return status.get("status", ""), status.get("description", ""), answer


def _finished(answer: Mapping[str, Any]) -> bool:
    """Return whether the first scan is done; an enhanced scan is ACTIVE even before that."""
    if answer["imageScanStatus"]["status"] == "COMPLETE":
        return True
    return (answer.get("imageScanFindings") or {}).get("imageScanCompletedAt") is not None


def _read(ecr: Any, image: Image, first: Mapping[str, Any]) -> Scan:
    findings = list(read(first))
    page = first
    while page.get("nextToken"):
        page = ecr.describe_image_scan_findings(**_arguments(image), nextToken=page["nextToken"])
        findings += read(page)
    found = first.get("imageScanFindings") or {}
    completed = found.get("imageScanCompletedAt")
    return Scan(findings, found.get("findingSeverityCounts") or {}, "" if completed is None else completed.isoformat())


def _arguments(image: Image) -> dict[str, Any]:
    arguments: dict[str, Any] = {"repositoryName": image.repository, "imageId": {"imageDigest": image.digest}}
    return {**arguments, "registryId": image.account} if image.account else arguments
