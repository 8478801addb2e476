"""The peers, each installed from its registry by its pinned version, in a folder of its own."""

import platform
import subprocess
import sys
import tarfile
from importlib.metadata import distributions
from pathlib import Path

PEERS = Path(__file__).parent
GUARD = PEERS / "cfnguard" / ".unpacked" / "package"
"""Of cfn-guard: the binary for each system, and the rules."""


def install(*names: str) -> None:
    """Install these peers, where the pinned version is not there yet."""
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
    """Return the environment of a Python peer, with the pinned version in it."""
    package, version = pinned(peer)
    environment = PEERS / peer / ".venv"
    if _installed(environment, package) != version:
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        requirements = str(PEERS / peer / "requirements.txt")
        subprocess.run([str(environment / "bin" / "pip"), "install", "-q", "-r", requirements], check=True)
    return environment


def unpack_guard() -> Path:
    """Take cfn-guard and its rules out of a package that is made to be used by the CDK only, and return where."""
    archive = next(ready("cfnguard").glob("lib/python*/site-packages/cdklabs/cdk_validator_cfnguard/_jsii/*.tgz"))
    if not GUARD.exists() or GUARD.stat().st_mtime < archive.stat().st_mtime:
        with tarfile.open(archive) as content:
            # Python 3.11 has the filter from 3.11.4 on.
            content.extractall(GUARD.parent, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        GUARD.touch()
    return GUARD


def guard_binary() -> Path:
    """Return the cfn-guard of this machine's kind."""
    system = "macos" if sys.platform == "darwin" else "ubuntu"
    machine = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    return GUARD / "bin" / system / machine / "cfn-guard"


def _installed(environment: Path, package: str) -> str | None:
    places = [str(place) for place in environment.glob("lib/python*/site-packages")]
    return next((found.version for found in distributions(name=package, path=places)), None)
