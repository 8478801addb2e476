"""Audits of one emulated account: ours, and prowler's checks of EKS, ECR, KMS and VPC."""

import json
from pathlib import Path

from benchmarks.cases._case import FAIR, PEERS, Case, app
from tests.emulator.changes import CHANGES, Made
from tests.emulator.conftest import Account
from tests.emulator.service import REGION, environment
from tests.stacks.conftest import synthesize

SERVICES = ("eks", "ecr", "kms", "vpc")
PROWLER = PEERS / "prowler/.venv/bin/prowler"
_STACKS = (*(f"HardenedEks-{name}" for name in ("Foundation", "Cluster", "Registry", "Detection")), "EksGovernance")


def audit(folder: Path, emulator: str) -> tuple[Case, ...]:
    """Deploy the reference stacks, change what the tests change by hand, and return the cases that audit that account."""
    out = folder / "reference.out"
    synthesize(out, "isolated", **{"hardened-eks:governance": "account"})
    account = Account(emulator)
    account.reset()
    for stack in _STACKS:
        account.deploy(stack, json.loads((out / f"{stack}.template.json").read_text()))
    made = Made(account, _STACKS)
    for change in CHANGES:
        change.make(account, made)
    asking = {**environment(emulator), "AWS_CONFIG_FILE": "/dev/null", "HOME": str(folder)}
    title = "hardened-eks audit, all controls"
    ours = app("audit", title, "audit.py", accept=(1,), options=("audit", "--format", "json"), **asking)
    if not PROWLER.exists():
        return (ours,)
    options = ("aws", "-s", *SERVICES, "-f", REGION, "-M", "json-ocsf", "-o", str(folder / "prowler"), "-F", "found")
    title = f"prowler, its checks of {', '.join(SERVICES)}"
    return (ours, Case("prowler", title, (str(PROWLER), *options, "--no-banner", "-z"), {**FAIR, **asking}))
