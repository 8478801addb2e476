"""One GET request at a time over verified TLS: bounded in time and size, no redirects, no proxies."""

from __future__ import annotations

import http.client
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hardened_eks.sources.kubernetes.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CHUNK: Final = 64 * 1024


class TooLargeError(Exception):
    """An answer is larger than may be kept in memory."""


class OutOfTimeError(ApiError):
    """The caller's time is up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Transport:
    """A connection to one server, kept open between requests."""

    def __init__(
        self, endpoint: str, *, certificate_authority: str, timeout: float, max_bytes: int, left: Callable[[], float]
    ) -> None:
        """Prepare the connection; nothing is sent yet.

        Args:
            endpoint: ``https://host[:port]``.
            certificate_authority: PEM text; no other authority is trusted.
            timeout: seconds for connecting, and for each answer as a whole.
            max_bytes: the largest answer.
            left: explains how many seconds the caller has left.

        Raises:
            ApiError: the endpoint is not an HTTPS URL, or the authority is not a certificate.
        """
        url = urlsplit(endpoint)
        if url.scheme != "https" or not url.hostname:
            raise ApiError(f"the endpoint of the Kubernetes API needs https://, got {endpoint!r}")
        try:
            # With an authority of its own, a context trusts none of the system's.
            self._tls = ssl.create_default_context(cadata=certificate_authority)
        except (ssl.SSLError, ValueError) as error:
            raise ApiError(f"the certificate authority of {url.hostname} is not a certificate: {error}") from error
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        # EKS makes authorities without key identifiers, which Python 3.13 and later refuse with this flag alone. Chain,
        # dates and name are verified without it (https://github.com/kubernetes-client/python/issues/2394).
        self._tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self._host, self._port = url.hostname, url.port or 443
        self._timeout, self._max_bytes, self._left = timeout, max_bytes, left
        self._connection: http.client.HTTPSConnection | None = None

    def get(self, target: str, headers: Mapping[str, str]) -> Answer:
        """Send one GET request.

        Args:
            target: path and query.
            headers: of the request.

        Raises:
            OSError: no connection, a certificate that is not verified, no answer in time.
            http.client.HTTPException: an answer that is not HTTP, or ends early.
            TooLargeError: more than `max_bytes`.
            OutOfTimeError: the caller has no time left.
        """
        seconds = min(self._timeout, self._left())
        if seconds <= 0:
            raise OutOfTimeError("no time was left")
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(self._host, self._port, timeout=seconds, context=self._tls)
        elif self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)
        try:
            self._connection.request("GET", target, headers=dict(headers))
            response = self._connection.getresponse()
            body = self._read(response, time.monotonic() + seconds)
        except BaseException:
            self.close()  # half an answer may be waiting in it
            raise
        if response.will_close:
            self.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, body)

    def _read(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """Read an answer until a time of the monotonic clock: a server may drip."""
        parts, size = [], 0
        while chunk := response.read1(_CHUNK):
            size += len(chunk)
            if size > self._max_bytes:
                raise TooLargeError
            if time.monotonic() > until:
                raise TimeoutError(f"the response took more than {self._timeout:g} seconds")
            parts.append(chunk)
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        response.close()  # and the connection takes the next request
        return b"".join(parts)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
