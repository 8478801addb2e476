"""What keeps a Kubernetes API from being read."""

from __future__ import annotations


class ApiError(Exception):
    """The API could not be read; the message names the part and the reason, for people."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Return what happened.

        Args:
            message: the request and the answer.
            status: the HTTP status of the answer. Default: there was none.
        """
        super().__init__(message)
        self.status = status
