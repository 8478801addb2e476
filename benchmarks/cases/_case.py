"""A case: a command, and the environment for a fair measurement."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = Path(__file__).parents[1]
ROOT = BENCHMARKS.parent
APPS = BENCHMARKS / "apps"
PEERS = BENCHMARKS / "peers"
BIN = Path(sys.executable).parent

FAIR = {
    "CDK_VALIDATION": "false",  # CDK's built-in validation costs 5 x the floor; it is on only in cases that measure it
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    "NODE_EXTRA_CA_CERTS": "",  # if set, Node reads a file at each start
    "PYTHONDONTWRITEBYTECODE": "",  # if set, our modules would be compiled in each run
}


@dataclass(frozen=True)
class Case:
    """A command; all of its processes are measured."""

    name: str
    title: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    accept: tuple[int, ...] = (0,)
    """Exit codes of a good run. A checker with findings exits with 1 or more."""
    fresh: str = ""
    """Name of an environment variable that contains a new, empty folder in each run."""


def app(
    name: str,
    title: str,
    file: str,
    *python: str,
    fresh: str = "",
    accept: tuple[int, ...] = (0,),
    options: tuple[str, ...] = (),
    **env: str,
) -> Case:
    """Return the case for one of our `apps/`, with Python options before it and arguments after it."""
    return Case(name, title, (sys.executable, *python, str(APPS / file), *options), {**FAIR, **env}, accept, fresh)
