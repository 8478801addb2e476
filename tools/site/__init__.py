"""Build the site from docs/ in a separate virtual environment: `make site`.

mkdocs-material and mkdocstrings have about thirty dependencies that nothing else needs. The environment is created from
PyPI on first use and kept until a pin in the group ``site`` changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from typing import TYPE_CHECKING

from hardened_eks import __version__
from tools import environments
from tools.environments import ROOT, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["CONFIG", "OUT", "ROOT", "SiteError", "UnavailableError", "build", "publish", "python"]

CONFIG = ROOT / "mkdocs.yml"
OUT = ROOT / "site"
_STAMP = ".built"
_LOCK = ROOT / ".venv" / "site.lock"


class SiteError(Exception):
    """The site cannot be built; contains the messages of MkDocs."""


def python() -> Path:
    """Return the Python of the environment. The environment is created if it is missing or a pin has changed.

    Raises:
        UnavailableError: pip cannot install the packages; contains pip's error message.
    """
    return environments.python("site")


def build(out: Path = OUT, config: Path = CONFIG) -> Path:
    """Build the site into a folder, unless its inputs are unchanged, and return the folder.

    Raises:
        UnavailableError: pip cannot install the packages.
        SiteError: MkDocs fails or warns: a broken link, or a page that is missing from the navigation.
    """
    wanted, stamp = _inputs(), out / _STAMP
    with _LOCK.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests in several processes call this
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            _run("mkdocs", "build", "--strict", "--config-file", str(config), "--site-dir", str(out))
            stamp.write_text(wanted, encoding="utf-8")
    return out


def publish(config: Path = CONFIG, version: str = __version__, cwd: Path = ROOT) -> None:
    """Commit the site of a version to the local branch ``gh-pages``, as the latest one. Nothing is pushed.

    The site has one version for each minor version of the library; a patch replaces it.
    """
    minor = ".".join(version.split(".")[:2])
    _run("mike", "deploy", "--config-file", str(config), "--update-aliases", minor, "latest", cwd=cwd)
    _run("mike", "set-default", "--config-file", str(config), "latest", cwd=cwd)


def _run(tool: str, *arguments: str, cwd: Path = ROOT) -> None:
    folder = python().parent
    # mike calls mkdocs, and mkdocstrings calls ruff, by their names; mkdocs imports tools.site.commonmark.
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PATH": path, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [str(folder / tool), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SiteError(f"{tool} {arguments[0]} ended with {run.returncode}:\n{(run.stderr or run.stdout)[-4000:]}")


def _inputs() -> str:
    """Return a hash of the pages, the source, the configuration and the pins."""
    found = hashlib.sha256("\n".join(environments.pins("site")).encode())
    for file in _files():
        found.update(str(file.relative_to(ROOT)).encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    yield CONFIG
    for folder in (ROOT / "docs", ROOT / "hardened_eks", ROOT / "tools" / "site"):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file
