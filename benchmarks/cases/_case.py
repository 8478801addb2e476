"""A case: a command, and what it takes to run it fairly."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = Path(__file__).parents[1]
ROOT = BENCHMARKS.parent
APPS = BENCHMARKS / "apps"
PEERS = BENCHMARKS / "peers"
BIN = Path(sys.executable).parent

FAIR = {
    "CDK_VALIDATION": "false",  # CDK's built-in validation costs 5 x the floor: on where a case is about it
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    "NODE_EXTRA_CA_CERTS": "",  # set, it makes Node read a file at each start
    "PYTHONDONTWRITEBYTECODE": "",  # set, our modules would be compiled in each run
}


@dataclass(frozen=True)
class Case:
    """One command; all of its processes are measured."""

    name: str
    title: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    accept: tuple[int, ...] = (0,)
    """Exit codes of a good run: a checker that finds something says so with 1 or more."""
    fresh: str = ""
    """An environment variable that names a new, empty folder in each run."""


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
    """Return the case of one of our `apps/`, with options of Python before it and its own behind it."""
    return Case(name, title, (sys.executable, *python, str(APPS / file), *options), {**FAIR, **env}, accept, fresh)
