"""The peers, each installed from its registry in its pinned version, in a separate folder."""

import platform
import subprocess
import sys
import tarfile
from importlib.metadata import distributions
from pathlib import Path

PEERS = Path(__file__).parent
GUARD = PEERS / "cfnguard" / ".unpacked" / "package"
"""Folder with the cfn-guard binary for each system, and the rules."""


def install(*names: str) -> None:
    """Install these peers if the pinned version is missing."""
    for name in names:
        if (PEERS / name / "requirements.txt").exists():
            ready(name)
        elif not (PEERS / name / "node_modules" / ".package-lock.json").exists():
            command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=PEERS / name, check=True)
    if "cfnguard" in names:
        unpack_guard()


def pinned(peer: str) -> tuple[str, str]:
    """Return the Python package of a peer and its version."""
    package, _, version = (PEERS / peer / "requirements.txt").read_text(encoding="utf-8").strip().partition("==")
    return package, version


def ready(peer: str) -> Path:
    """Return the environment of a Python peer, with the pinned version installed."""
    package, version = pinned(peer)
    environment = PEERS / peer / ".venv"
    if _installed(environment, package) != version:
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        requirements = str(PEERS / peer / "requirements.txt")
        subprocess.run([str(environment / "bin" / "pip"), "install", "-q", "-r", requirements], check=True)
    return environment


def unpack_guard() -> Path:
    """Extract cfn-guard and its rules from a package for the CDK, and return the folder."""
    archive = next(ready("cfnguard").glob("lib/python*/site-packages/cdklabs/cdk_validator_cfnguard/_jsii/*.tgz"))
    if not GUARD.exists() or GUARD.stat().st_mtime < archive.stat().st_mtime:
        with tarfile.open(archive) as content:
            # Python 3.11 has the filter since 3.11.4.
            content.extractall(GUARD.parent, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        GUARD.touch()
    return GUARD


def guard_binary() -> Path:
    """Return the path of the cfn-guard binary for this machine."""
    system = "macos" if sys.platform == "darwin" else "ubuntu"
    machine = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    return GUARD / "bin" / system / machine / "cfn-guard"


def _installed(environment: Path, package: str) -> str | None:
    places = [str(place) for place in environment.glob("lib/python*/site-packages")]
    return next((found.version for found in distributions(name=package, path=places)), None)
