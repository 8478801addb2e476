"""Checkov and cfn-guard live in environments of their own: their dependencies are none of ours."""

import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

PEERS = Path(__file__).parents[1] / "peers"


def pinned(peer: str) -> tuple[str, str]:
    """Return the package of a peer and its version."""
    package, _, version = (PEERS / peer / "requirements.txt").read_text(encoding="utf-8").strip().partition("==")
    return package, version


def ready(peer: str) -> Path:
    """Return the environment of a peer, with the pinned version in it."""
    package, version = pinned(peer)
    environment = PEERS / peer / ".venv"
    if installed(environment, package) != version:
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        requirements = str(PEERS / peer / "requirements.txt")
        subprocess.run([str(environment / "bin" / "pip"), "install", "-q", "-r", requirements], check=True)
    return environment


def installed(environment: Path, package: str) -> str | None:
    """Return the version of a package in an environment."""
    places = [str(place) for place in environment.glob("lib/python*/site-packages")]
    return next((found.version for found in distributions(name=package, path=places)), None)
