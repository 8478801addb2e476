"""Validate our OSCAL documents with the models of compliance-trestle: `make oscal`.

compliance-trestle has forty dependencies, so it runs in a separate virtual environment, which is created from PyPI on
first use and kept until the pinned version changes.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tools import environments
from tools.environments import ROOT, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["UnavailableError", "pinned", "python", "validate"]

HOME = ROOT / ".venv" / "oscal"


def python(home: Path = HOME) -> Path:
    """Return the Python of the environment. The environment is created if it is missing or has another version.

    Raises:
        UnavailableError: the environment cannot be created; contains pip's error message.
    """
    return environments.python("oscal", home)


def pinned() -> str:
    """Return the requirement of the group ``oscal``."""
    return environments.pinned("oscal")


def validate(folders: Sequence[Path], home: Path = HOME) -> list[str]:
    """Return a line for each mistake in the OSCAL documents of the folders.

    Raises:
        UnavailableError: the environment cannot be created.
    """
    script = Path(__file__).with_name("validate.py")
    command = [str(python(home)), str(script), *map(str, folders)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in {0, 1}:
        return [f"the validator ended with {run.returncode}: {run.stderr[-2000:]}"]
    return run.stdout.splitlines()
