"""An audit of the emulated account, as the tests run it: in this process, with a client for every service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import boto3

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources.account.asking import Clients
from hardened_eks.sources.account.reading import Seen, read
from hardened_eks.sources.account.saving import environment
from hardened_eks.sources.saved import Environment
from tests.emulator.service import ACCOUNT, REGION


def clients(url: str) -> Clients:
    def make(service: str, region: str) -> Any:
        return boto3.client(
            service, endpoint_url=url, region_name=region, aws_access_key_id="test", aws_secret_access_key="test"
        )

    return Clients(make)


def seen(url: str, *, clusters: Sequence[str] = (), workers: int = 8) -> Seen:
    return read(clients(url), ACCOUNT, REGION, clusters=clusters, workers=workers)


def audited(url: str) -> Environment:
    return environment(seen(url))


def judged(assembly: Assembly) -> Outcome:
    return evaluate(assembly, CATALOGUE)


def verdicts(outcome: Outcome) -> dict[str, str]:
    """Return what became of each control: fail, not seen, pass or nothing examined."""
    failing = Counter(finding.control.id for finding in outcome.findings)
    unseen = Counter(finding.control.id for finding in outcome.unseen)
    return {
        control.id: "fail" if failing[control.id] else "not seen" if unseen[control.id]
        else "pass" if outcome.examined[control] else "nothing"
        for control in outcome.controls
    }  # fmt: skip
