"""`make walk`: both tutorials, from an empty machine to a deployed cluster and an alert that arrived."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import site
from tools.environments import ROOT
from tools.walk.blocks import WalkError, of_html
from tools.walk.terminal import environment
from tools.walk.walking import Walk

STANDINS = Path(__file__).with_name("standins")
"""Programs that no machine of ours can have: a kubectl without an API server."""


_MAIL = "e-mail to on-call@example.com:"


def main() -> None:
    sys.stdout.reconfigure(line_buffering=True)
    started = time.monotonic()
    try:
        built = site.build()
        with tempfile.TemporaryDirectory() as name:
            machine = Path(name)
            copy(machine / "hardened_eks")
            (machine / "home").mkdir()
            variables = environment(machine / "home") | packages()
            walk = Walk(machine, variables)
            try:
                print("# Your first hardened cluster")
                walk.follow(of_html((built / "tutorial/first-cluster/index.html").read_text(encoding="utf-8")))
                ended(walk)
                print("# Open a namespace")
                kubectl(walk)
                walk.follow(of_html((built / "tutorial/open-a-namespace/index.html").read_text(encoding="utf-8")))
            finally:
                walk.close()
    except (WalkError, site.SiteError, site.UnavailableError) as error:
        sys.exit(str(error))
    print(f"walked in {time.monotonic() - started:.0f} s")


def copy(folder: Path) -> None:
    """Create the reader's copy of the repository: the files that git knows here, as they are now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def packages() -> dict[str, str]:
    """Return the variables that name a mirror of PyPI or npm, if this machine has to use one."""
    return {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "npm_config_"))}


def ended(walk: Walk) -> None:
    """Ask the emulator, by commands of our own, for the end of the first tutorial."""
    wanted = {
        "cluster.status": "ACTIVE",
        "cluster.version": "1.37",
        "cluster.resourcesVpcConfig.endpointPublicAccess": "False",
        "cluster.deletionProtection": "True",
    }
    time.sleep(1)  # an update takes a moment, in the emulator as well
    for query, value in wanted.items():
        command = f"aws eks describe-cluster --name Payments-Cluster --query {query} --output text"
        status, shown = walk.first.run(command)
        if status or shown.strip() != value:
            raise WalkError(f"{query} is not {value}: {shown}")
    if walk.second is None:
        raise WalkError("the page opens no second terminal")
    walk.second.wait(
        re.compile(rf"(?:{_MAIL}[^\0]*){{3}}"), 20
    )  # about the opening two, about the closing at least one
    print(f"the cluster is active and closed again; {walk.second.shown.count(_MAIL)} e-mails came")


def kubectl(walk: Walk) -> None:
    """Put the stand-in on the path, and print why."""
    python = ROOT / ".venv" / "bin" / "python"
    walk.first.run(f"export PATH={STANDINS}:$PATH WALK_PYTHON={python}")
    print("kubectl is a stand-in: no Kubernetes API runs here, so it validates the objects by their schemas instead")


if __name__ == "__main__":
    main()
