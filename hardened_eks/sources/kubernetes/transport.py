"""GET requests over verified TLS, limited in time and size, without redirects or proxies."""

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
    """A response exceeds the maximum size."""


class OutOfTimeError(ApiError):
    """The time limit of the caller has passed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the server."""

    status: int
    headers: Mapping[str, str]
    """The headers, with names in lower case."""
    body: bytes


class Transport:
    """A connection to one server, kept open between requests."""

    def __init__(
        self, endpoint: str, *, certificate_authority: str, timeout: float, max_bytes: int, left: Callable[[], float]
    ) -> None:
        """Prepare the connection; nothing is sent yet.

        Args:
            endpoint: ``https://host[:port]``.
            certificate_authority: PEM text of the only trusted authority.
            timeout: the maximum number of seconds for connecting, and for each response.
            max_bytes: the maximum size of a response.
            left: explains how many seconds the caller has left.

        Raises:
            ApiError: the endpoint is not an HTTPS URL, or the authority is not a certificate.
        """
        url = urlsplit(endpoint)
        if url.scheme != "https" or not url.hostname:
            raise ApiError(f"the endpoint of the Kubernetes API needs https://, got {endpoint!r}")
        try:
            # A context with its own authority does not trust the authorities of the system.
            self._tls = ssl.create_default_context(cadata=certificate_authority)
        except (ssl.SSLError, ValueError) as error:
            raise ApiError(f"the certificate authority of {url.hostname} is not a certificate: {error}") from error
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        # EKS creates authorities without key identifiers, which Python 3.13 and later reject with this flag. Chain,
        # dates and name are verified without it (https://github.com/kubernetes-client/python/issues/2394).
        self._tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self._host, self._port = url.hostname, url.port or 443
        self._timeout, self._max_bytes, self._left = timeout, max_bytes, left
        self._connection: http.client.HTTPSConnection | None = None

    def get(self, target: str, headers: Mapping[str, str]) -> Answer:
        """Send one GET request.

        Args:
            target: the path and query.
            headers: the headers of the request.

        Raises:
            OSError: no connection, an invalid certificate, or no response in time.
            http.client.HTTPException: a response that is not HTTP, or is incomplete.
            TooLargeError: more than `max_bytes`.
            OutOfTimeError: the time limit of the caller has passed.
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
            self.close()  # it may contain part of a response
            raise
        if response.will_close:
            self.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, body)

    def _read(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """Read a response until a time of the monotonic clock, because a server may send it slowly."""
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
        response.close()  # and the connection can be reused
        return b"".join(parts)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
