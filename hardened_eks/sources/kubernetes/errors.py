"""Errors of the Kubernetes API client."""

from __future__ import annotations


class ApiError(Exception):
    """An error if the API cannot be read. The message names the request and the reason."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Create the error.

        Args:
            message: the request and the response.
            status: the HTTP status of the response. Default: there was no response.
        """
        super().__init__(message)
        self.status = status
