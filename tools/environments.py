"""Python environments for tools with many packages, created from PyPI on first use and kept until a pin changes."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


class UnavailableError(Exception):
    """An environment cannot be created: there is no network, or a package does not exist for this Python version."""


def python(group: str, home: Path | None = None) -> Path:
    """Return the Python of an environment. The environment is created if it is missing or has other versions.

    Args:
        group: the dependency group with its requirements.
        home: folder of the environment. Default: a folder in ``.venv`` with the name of the group.

    Raises:
        UnavailableError: the environment cannot be created; contains pip's error message.
    """
    requirements, home = pins(group), home or ROOT / ".venv" / group
    wanted = "\n".join(requirements)
    found, ready = home / "bin" / "python", home / "ready"
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted and found.exists():
        return found
    venv.create(home, clear=True, with_pip=False)
    command = [sys.executable, "-m", "pip", "--python", str(found), "install", "--quiet", "--retries", "1"]
    made = subprocess.run([*command, "--timeout", "20", *requirements], capture_output=True, text=True, check=False)
    if made.returncode:
        said = [line for line in made.stderr.splitlines() if line.startswith("ERROR")] or [made.stderr[-300:]]
        raise UnavailableError(f"{', '.join(requirements)} cannot be installed from PyPI: {said[-1].strip()}")
    ready.write_text(wanted, encoding="utf-8")
    return found


def pinned(group: str) -> str:
    """Return the only requirement of a dependency group."""
    (requirement,) = pins(group)
    return requirement


def pins(group: str) -> list[str]:
    """Return the requirements of a dependency group."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return [str(requirement) for requirement in groups[group]]
