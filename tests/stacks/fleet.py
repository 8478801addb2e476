"""A fleet on paper: the reference stacks deployed many times, each under names, ids and accounts of its own.

python -m tests.stacks.fleet CDK_OUT CLUSTERS ACCOUNTS      judges them and prints what it took, as JSON
"""

from __future__ import annotations

import hashlib
import json
import re
import resource
import statistics
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from hardened_eks.cli._judging import Judging
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Severity
from hardened_eks.sources import load
from hardened_eks.sources.saved import Environment
from tests.evidence.paper import ACCOUNT, REGION, deployed

_HEX = re.compile(r"\b[0-9a-f]{12,}\b|(?<=-)[0-9a-f]{4}(?=-)")
_NAME = re.compile(r"(?i)hardened(?!-eks:)")
SPOILED = {
    '"EndpointPublicAccess": false': '"EndpointPublicAccess": true',
    '"EnableKeyRotation": true': '"EnableKeyRotation": false',
    '"HttpTokens": "required"': '"HttpTokens": "optional"',
    '"Type": "AWS::EC2::FlowLog"': '"Type": "AWS::EC2::EIP"',
}
DAY = date(2026, 11, 29)


def bodies(directory: Path) -> str:
    """Return what the reference stacks make, as the text of stack -> template."""
    return json.dumps({template.name: template.body for template in deployed(load([directory]).assembly).templates})


def copy(text: str, number: int, account: str) -> dict[str, Any]:
    """Return the stacks of one more cluster: every id and name is another one, the words are the same."""

    def other(found: re.Match[str]) -> str:
        if found[0] == ACCOUNT:
            return account
        return hashlib.sha256(f"{found[0]}{number}".encode()).hexdigest()[: len(found[0])]

    if number % 2:
        text = spoiled(text)
    renamed = _NAME.sub(lambda found: f"{found[0]}{number:03}", _HEX.sub(other, text))
    result: dict[str, Any] = json.loads(renamed)
    return result


def spoiled(text: str) -> str:
    """Return the stacks of a cluster that somebody has changed: every second one of the fleet."""
    for good, bad in SPOILED.items():
        assert good in text, good
        text = text.replace(good, bad)
    return text


def environments(text: str, clusters: int, accounts: int) -> list[Environment]:
    """Return the Regions of the accounts, each with its share of the clusters."""
    found = []
    for index in range(accounts):
        account = f"{111111111111 + index}"
        templates: dict[str, Any] = {}
        for number in range(index, clusters, accounts):
            templates |= copy(text, number, account)
        found.append(
            Environment(account, REGION, tuple(map(str, range(index, clusters, accounts))), templates=templates)
        )
    return found


def judge(environments_: list[Environment]) -> tuple[Counter[tuple[str, str]], float]:
    """Return how often each control says what, numbers left out, and the seconds of CPU."""
    judging = Judging(CATALOGUE, CATALOGUE, (), Severity.LOW, DAY)
    start = time.process_time()
    report = judging.report(environments_)
    entries = (*report.failing, *report.warnings, *report.unseen)
    took = time.process_time() - start
    return Counter((entry.control.id, entry.type) for entry in entries), took


def _peak() -> float:
    """Return the most memory that this process had, in MiB.

    Linux keeps that of a process of its own from the start of the program; ``ru_maxrss`` has what the process had from
    which it was forked.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    folder, clusters_, accounts_ = sys.argv[1:]
    text_ = bodies(Path(folder))
    pair = environments(text_, 2, 1)
    one, _ = judge(pair)
    cost = statistics.median(judge(pair)[1] for _ in range(3)) / 2
    told, seconds = judge(environments(text_, int(clusters_), int(accounts_)))
    peak = _peak()
    flat = [[[*key, count] for key, count in sorted(counts.items())] for counts in (one, told)]
    print(json.dumps({"one": cost, "seconds": seconds, "mib": peak, "pair": flat[0], "fleet": flat[1]}))
