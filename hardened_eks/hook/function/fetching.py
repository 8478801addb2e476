"""Download of the payload of a stack or change set, which CloudFormation stores in Amazon S3 with a presigned URL."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from hardened_eks.hook.variables import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.request import OpenerDirector

MOST_BYTES: Final = 24 * 2**20
"""Two templates of 1 MiB, each with every character escaped."""
_ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
"""Variables with which every AWS SDK finds another endpoint of Amazon S3."""
_ONCE: Final = 8.0
_PAUSES: Final = (0.2, 0.6)


class PayloadError(Exception):
    """The payload cannot be read. The message does not contain the query of the URL, which is a credential."""


@cache
def _opener() -> OpenerDirector:
    """Return an opener of URLs. Resources do not need it, and its imports take a tenth of the function's start."""
    import urllib.request

    class Redirects(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str) -> Any:  # noqa: PLR0917
            _check(newurl)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return urllib.request.build_opener(Redirects())


def fetch(url: str, *, left: Callable[[], float], sleep: Callable[[float], object] = time.sleep) -> dict[str, Any]:
    """Return the payload, after at most three attempts.

    Args:
        url: URL from the event.
        left: function that returns the remaining seconds.
        sleep: function that waits between attempts. Default: `time.sleep`.

    Raises:
        PayloadError: the URL does not belong to Amazon S3, the download fails, or the response is not a payload.
    """
    _check(url)
    host = urlsplit(url).hostname
    why = ""
    for pause in (*_PAUSES, None):
        try:
            return _decoded(_once(url, min(_ONCE, max(left(), 0.1))))
        except OSError as error:  # urllib's errors are of this kind; one with a code is a response of the server
            code = getattr(error, "code", None)
            why = f"HTTP {code}" if code else str(getattr(error, "reason", "") or error or type(error).__name__)
            if code and code < 500:
                break
        if pause is None or left() < pause + 1:
            break
        sleep(pause)
    raise PayloadError(f"the template cannot be read from {host}: {why}")


def _once(url: str, seconds: float) -> bytes:
    from http.client import HTTPException

    try:
        with _opener().open(url, timeout=seconds) as answer:
            raw: bytes = answer.read(MOST_BYTES + 1)
            missing = getattr(answer, "length", None) or 0
    except HTTPException as error:  # the messages of some contain the URL
        raise ConnectionError(type(error).__name__) from None
    if len(raw) > MOST_BYTES:
        raise PayloadError(f"the payload has more than {MOST_BYTES // 2**20} MiB")
    if missing:
        raise ConnectionError("the response ends too early")
    return raw


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"the payload is not JSON: {error}") from None
    if not isinstance(payload, dict) or not isinstance(payload.get("template"), str):
        raise PayloadError("the payload has no template")
    return payload


def _check(url: str) -> None:
    """Refuse other URLs than Amazon S3's: the caller of the function must not choose what it reads.

    Raises:
        PayloadError: the URL does not belong to Amazon S3.
    """
    try:
        parts = urlsplit(url)
        host, scheme = parts.hostname or "", parts.scheme
    except ValueError:
        host, scheme = "", ""
    suffix = os.environ.get(SUFFIX) or "amazonaws.com"
    labels = host.removesuffix(f".{suffix}").split(".") if host.endswith(f".{suffix}") else []
    of_s3 = scheme == "https" and any(label == "s3" or label.startswith("s3-") for label in labels)
    if not of_s3 and (scheme, host) not in set(_told()):
        raise PayloadError(f"the payload is at {scheme}://{host}, which is not Amazon S3")


def _told() -> Iterator[tuple[str, str]]:
    for name in _ENDPOINTS:
        parts = urlsplit(os.environ.get(name, ""))
        if parts.hostname:
            yield parts.scheme, parts.hostname
