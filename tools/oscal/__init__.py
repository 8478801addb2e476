"""Hold our OSCAL documents against the models of compliance-trestle: `make oscal`.

compliance-trestle brings forty packages, so it has a virtual environment of its own, made from PyPI at first use and
kept until the pinned version changes.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv" / "oscal"


class UnavailableError(Exception):
    """The environment cannot be made: no network, or no such package for this Python."""


def python(home: Path = HOME) -> Path:
    """Return the Python of the environment, which is made where it is missing or has another version.

    Raises:
        UnavailableError: it cannot be made; with the reason of pip.
    """
    wanted = pinned()
    found, ready = home / "bin" / "python", home / "ready"
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted and found.exists():
        return found
    venv.create(home, clear=True, with_pip=False)
    command = [sys.executable, "-m", "pip", "--python", str(found), "install", "--quiet", "--retries", "1"]
    made = subprocess.run([*command, "--timeout", "20", wanted], capture_output=True, text=True, check=False)
    if made.returncode:
        said = [line for line in made.stderr.splitlines() if line.startswith("ERROR")] or [made.stderr[-300:]]
        raise UnavailableError(f"{wanted} cannot be installed from PyPI: {said[-1].strip()}")
    ready.write_text(wanted, encoding="utf-8")
    return found


def pinned() -> str:
    """Return the requirement of the group ``oscal``."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    (requirement,) = groups["oscal"]
    return str(requirement)


def validate(folders: Sequence[Path], home: Path = HOME) -> list[str]:
    """Return a line for each mistake in the OSCAL documents of the folders.

    Raises:
        UnavailableError: the environment cannot be made.
    """
    script = Path(__file__).with_name("validate.py")
    command = [str(python(home)), str(script), *map(str, folders)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in {0, 1}:
        return [f"the validator ended with {run.returncode}: {run.stderr[-2000:]}"]
    return run.stdout.splitlines()
