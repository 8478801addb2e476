"""Audits of one emulated account: ours, and prowler's checks for EKS, ECR, KMS and VPC."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.cases._case import BIN, FAIR, PEERS, Case, app
from hardened_eks.sources import saved
from tests.emulator.changes import CHANGES, Made
from tests.emulator.conftest import Account
from tests.emulator.service import REGION, environment
from tests.sources.account import many
from tests.stacks.conftest import synthesize

SERVICES = ("eks", "ecr", "kms", "vpc")
PROWLER = PEERS / "prowler/.venv/bin/prowler"
_STACKS = (*(f"HardenedEks-{name}" for name in ("Foundation", "Cluster", "Registry", "Detection")), "EksGovernance")


_NAMES = (r"(?<![\w-])hardened(?![\w-])", r"(?i)\bHardenedEks(?=-)", r"(?i)\bEksGovernance(?=[-\"/:])")
"""Regular expressions for the names of the reference stacks and of their resources."""
MANY = (10, 20)
"""Number of accounts, and of clusters in each."""


def audit(folder: Path, emulator: str) -> tuple[Case, ...]:
    """Deploy the reference stacks, make the changes that the tests make, and return the cases that audit the account.

    Copies of the account data from before the changes are also evaluated, as the evidence of many accounts.
    """
    out = folder / "reference.out"
    synthesize(out, "isolated", **{"hardened-eks:governance": "account"})
    account = Account(emulator)
    account.reset()
    for stack in _STACKS:
        account.deploy(stack, json.loads((out / f"{stack}.template.json").read_text()))
    asking = {**environment(emulator), "AWS_CONFIG_FILE": "/dev/null", "HOME": str(folder)}
    ours = _ours("audit", "hardened-eks audit, all controls", ("--format", "json"), asking)
    saved_cases = _many(folder, asking)
    made = Made(account, _STACKS)
    for change in CHANGES:
        change.make(account, made)
    if not PROWLER.exists():
        return (ours, *saved_cases)
    options = ("aws", "-s", *SERVICES, "-f", REGION, "-M", "json-ocsf", "-o", str(folder / "prowler"), "-F", "found")
    title = f"prowler, its checks of {', '.join(SERVICES)}"
    prowler = Case("prowler", title, (str(PROWLER), *options, "--no-banner", "-z"), {**FAIR, **asking})
    return (ours, prowler, *saved_cases)


def _many(folder: Path, asking: Mapping[str, str]) -> Iterator[Case]:
    """Yield cases that evaluate saved evidence without AWS: of no cluster, one cluster, and 200 in 10 accounts."""
    file = folder / "1.json"
    command = _ours("save", "", ("--save", str(file)), asking).command
    subprocess.run(command, cwd=folder, env={**os.environ, **asking}, check=False, stdout=subprocess.DEVNULL)
    (one,) = saved.read(str(file))
    accounts, clusters = MANY
    evidence = {
        0: [replace(one, clusters=(), templates={}, physical_ids={})],
        1: [one],
        accounts * clusters: many.accounts(one, accounts=accounts, clusters=clusters, names=_NAMES),
    }
    for number, environments in evidence.items():
        path = folder / f"{number}.json"
        path.write_text(saved.text(environments, day="2026-11-29", version="x"))
        title = f"hardened-eks check, {number} clusters that were saved"
        yield Case(f"saved-{number}", title, (str(BIN / "hardened-eks"), "check", str(path)), FAIR, (0, 1, 3))


def _ours(name: str, title: str, options: tuple[str, ...], asking: Mapping[str, str]) -> Case:
    return app(name, title, "audit.py", accept=(1,), options=("audit", *options), **asking)
