"""Other people's programs that tests call."""

import os
from typing import NoReturn

import pytest


def calendar_environment() -> dict[str, str]:
    """Return the environment for other people's programs: a faked clock (`make test-later`) makes these crawl."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


def leave_out(reason: str) -> NoReturn:
    """Skip the test, which cannot run here, and print why; in CI, where everything is installed, fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
