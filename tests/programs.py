"""Other people's programs that tests call."""

import os


def calendar_environment() -> dict[str, str]:
    """Return the environment for other people's programs: a faked clock (`make test-later`) makes these crawl."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
