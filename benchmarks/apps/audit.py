"""`hardened-eks audit` for the emulator: S3 Control puts the account's ID before a host name, which loopback lacks."""

import re
import socket
import sys

from hardened_eks.cli import main

ask = socket.getaddrinfo


def without_account(host: object, *more: object, **other: object) -> object:
    """Look up the host itself."""
    plain = re.sub(r"^\d{12}\.(?=127\.)", "", host) if isinstance(host, str) else host
    return ask(plain, *more, **other)  # type: ignore[arg-type]


socket.getaddrinfo = without_account  # type: ignore[assignment]
sys.exit(main())
