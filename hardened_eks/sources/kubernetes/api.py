"""Lists of objects from a live Kubernetes API.

Large lists are read in pages, and a page is released before the next one is read, so that memory use does not grow with
the cluster: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import math
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from hardened_eks.sources.kubernetes.errors import ApiError
from hardened_eks.sources.kubernetes.transport import OutOfTimeError, TooLargeError, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardened_eks.sources.kubernetes.transport import Answer

T = TypeVar("T")

NAMES_ONLY: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""The Accept header that requests only the metadata of objects."""
_JSON: Final = "application/json"
_PAGE: Final = 500
_MAX_BYTES: Final = 16 * 2**20
_RESTARTS: Final = 3
_ATTEMPTS: Final = 4
_LONGEST_PAUSE: Final = 10.0
_GONE: Final = 410
_AGAIN: Final = frozenset({401, 403, 408, 429, 500, 502, 503, 504})
"""Statuses after which a retry may succeed. They include 401 and 403, because an access entry takes a while to become
effective."""
_WAYS_OUT: Final = {
    401: "the cluster has no access entry for the role of the audit",
    403: "the role of the audit may not list this: apply the ClusterRole and its binding",
    404: "the cluster does not have this API",
}


class Api:
    """A read-only client for the Kubernetes API of a cluster."""

    def __init__(
        self,
        endpoint: str,
        *,
        certificate_authority: str,
        token: Callable[[], str],
        timeout: float = 15.0,
        left: Callable[[], float] = lambda: math.inf,
        sleep: Callable[[float], object] = time.sleep,
        max_bytes: int = _MAX_BYTES,
    ) -> None:
        """Prepare the client; no request is sent yet.

        Args:
            endpoint: ``https://host[:port]``.
            certificate_authority: PEM text. The certificate and name of the server are verified only against it.
            token: a function that returns a bearer token; it is called for each request.
            timeout: the maximum number of seconds for each request.
            left: a function that returns the remaining seconds of the caller. Default: no limit.
            sleep: a function that waits between attempts.
            max_bytes: the maximum response size; if a page is larger, fewer objects are requested.

        Raises:
            ApiError: the endpoint is not an HTTPS URL, or the authority is not a certificate.
        """
        self._transport = Transport(
            endpoint, certificate_authority=certificate_authority, timeout=timeout, max_bytes=max_bytes, left=left
        )
        self._token, self._sleep, self._left = token, sleep, left

    @classmethod
    def of_cluster(cls, described: Mapping[str, Any], **arguments: Any) -> Api:
        """Return the API of a cluster from its EKS description.

        Args:
            described: ``cluster`` in the response of DescribeCluster.
            arguments: other arguments of `Api`.

        Raises:
            ApiError: the cluster has no endpoint or certificate authority, for example because it is being created.
        """
        endpoint = described.get("endpoint")
        encoded = described.get("certificateAuthority", {}).get("data")
        if not endpoint or not encoded:
            raise ApiError(f"the cluster has no endpoint yet (status {described.get('status', 'unknown')})")
        try:
            authority = base64.b64decode(encoded, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ApiError(f"the cluster's certificate authority is not base64 of PEM: {error}") from error
        return cls(endpoint, certificate_authority=authority, **arguments)

    def fold(
        self,
        path: str,
        begin: Callable[[], T],
        take: Callable[[T, list[dict[str, Any]]], None],
        *,
        names_only: bool = False,
        limit: int = _PAGE,
    ) -> T:
        """Read a list page by page, and combine the pages into a small result.

        A list whose continuation token has expired (410) starts again with a new result, at most three times, so that
        two versions of a list are never mixed.

        Args:
            path: the path of the collection, such as ``/api/v1/pods``.
            begin: a function that returns an empty result; called for each start.
            take: a function that adds the objects of a page to the result.
            names_only: whether to read only the metadata of the objects.
            limit: the number of objects per page.

        Returns:
            The result of one whole list.

        Raises:
            ApiError: the list cannot be read.
        """
        restarts = 0
        while True:
            try:
                return self._once(path, begin(), take, _Query(limit, NAMES_ONLY if names_only else _JSON))
            except TooLargeError:
                if limit == 1:
                    raise ApiError(f"{path}: one object exceeds the size limit") from None
                limit = max(1, limit // 5)
            except ApiError as error:
                if error.status != _GONE:
                    raise
                restarts += 1
                if restarts > _RESTARTS:
                    raise ApiError(f"{path}: the list expired {restarts} times while it was read", status=410) from None

    def all(self, path: str, *, names_only: bool = False) -> list[dict[str, Any]]:
        """Return all objects of a collection at once. For large collections such as pods, use `fold`.

        Raises:
            ApiError: the list cannot be read.
        """
        empty: list[dict[str, Any]] = []
        return self.fold(path, empty.copy, lambda found, page: found.extend(page), names_only=names_only)

    def get(self, path: str) -> dict[str, Any]:
        """Return one object.

        Raises:
            ApiError: the object cannot be read.
        """
        try:
            return self._ask(path, _JSON)
        except TooLargeError:
            raise ApiError(f"{path}: it exceeds the size limit") from None

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _once(self, path: str, result: T, take: Callable[[T, list[dict[str, Any]]], None], query: _Query) -> T:
        token = ""
        while True:
            page = self._ask(query.target(path, token), query.accept)
            items = page.get("items") or []
            metadata = page.get("metadata")
            if not isinstance(items, list) or not isinstance(metadata, dict):
                raise ApiError(f"{path}: the response is not a list of objects")
            take(result, [item for item in items if isinstance(item, dict)])
            token = metadata.get("continue") or ""
            if not token:
                return result

    def _ask(self, target: str, accept: str) -> dict[str, Any]:
        """Send a request until it succeeds or cannot succeed, with growing pauses or those that the server requests."""
        path = target.partition("?")[0]
        for attempt in range(1, _ATTEMPTS + 1):
            pause, status = 2.0 ** (attempt - 1), None
            try:
                answer = self._transport.get(
                    target, {"Accept": accept, "Authorization": f"Bearer {self._token()}", "User-Agent": "hardened-eks"}
                )
            except OutOfTimeError as error:
                raise OutOfTimeError(f"{path}: {error}") from error
            except (OSError, http.client.HTTPException) as error:
                said = f"{type(error).__name__}: {error}"
            else:
                if answer.status == http.client.OK:
                    return _object(path, answer)
                said, status = f"{answer.status} {_reason(answer)}", answer.status
                if status not in _AGAIN:
                    break
                pause = _named(answer.headers, pause)
            if attempt < _ATTEMPTS:
                self._pause(path, pause, said)
        hint = f"; {_WAYS_OUT[status]}" if status in _WAYS_OUT else ""
        raise ApiError(f"{path}: {said}{hint}", status=status)

    def _pause(self, path: str, seconds: float, said: str) -> None:
        seconds = min(seconds, _LONGEST_PAUSE)
        if seconds >= self._left():
            raise OutOfTimeError(f"{path}: no time was left to retry after {said}")
        self._sleep(seconds)


class _Query:
    """The query of a list request."""

    def __init__(self, limit: int, accept: str) -> None:
        self.limit, self.accept = limit, accept

    def target(self, path: str, token: str) -> str:
        asked = {"limit": str(self.limit), **({"continue": token} if token else {})}
        return f"{path}?{urlencode(asked)}"


def _object(path: str, answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"{path}: the response is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ApiError(f"{path}: the response is not an object")
    return found


def _reason(answer: Answer) -> str:
    """Return the message of a Status object, or the beginning of the text."""
    try:
        message = json.loads(answer.body).get("message")
    except (ValueError, AttributeError, RecursionError):
        message = None
    text = message if isinstance(message, str) else answer.body[:200].decode("utf-8", "replace")
    return " ".join(text.split())[:300]


def _named(headers: Mapping[str, str], otherwise: float) -> float:
    """Return the seconds in Retry-After; a date is ignored."""
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return otherwise
