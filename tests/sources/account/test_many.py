"""Many clusters in several accounts, generated: each is judged as if it were alone.

Here are few of them; `make bench GROUP=audit` judges 200 in 10 accounts and says what that costs.
"""

from __future__ import annotations

from collections import Counter

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Kind
from hardened_eks.evidence.resource import Resource
from hardened_eks.judging.environments import evaluate_each
from hardened_eks.judging.evaluation import Outcome
from hardened_eks.sources.account.reading import read
from hardened_eks.sources.account.saving import environment
from hardened_eks.sources.saved import Environment
from tests.sources.account.double import ACCOUNT, REGION
from tests.sources.account.many import accounts
from tests.sources.account.test_collectors import everything

NAMES = (r"(?i)\bpayments\b",)
ACCOUNTS, CLUSTERS = 3, 4


@pytest.fixture(scope="module")
def one() -> Environment:
    return environment(read(everything().clients(), ACCOUNT, REGION))


def judged(*environments: Environment) -> Outcome:
    return evaluate_each((each.load().assembly for each in environments), CATALOGUE)


def of_clusters(outcome: Outcome) -> Counter[tuple[str, str]]:
    """Return the findings on what every copy has of its own: control and property."""
    return Counter(
        (finding.control.id, finding.problem.path)
        for finding in outcome.findings if finding.resource and finding.resource.type.startswith(("AWS::EKS::", "AWS::KMS::"))
    )  # fmt: skip


def keys(outcome: Outcome) -> list[Resource]:
    return [finding.resource for finding in outcome.findings if finding.control.id == "KY-01" and finding.resource]


def test_each_cluster_has_the_findings_that_it_has_alone(one: Environment) -> None:
    alone = of_clusters(judged(one))
    together = of_clusters(judged(*accounts(one, accounts=ACCOUNTS, clusters=CLUSTERS, names=NAMES)))
    assert alone
    assert together == Counter({key: count * ACCOUNTS * CLUSTERS for key, count in alone.items()})


def test_what_an_account_has_once_is_found_once_in_each(one: Environment) -> None:
    alone = Counter(f.control.id for f in judged(one).findings if f.subject.kind is Kind.ACCOUNT)
    together = judged(*accounts(one, accounts=ACCOUNTS, clusters=CLUSTERS, names=NAMES))
    found = Counter(f.control.id for f in together.findings if f.subject.kind is Kind.ACCOUNT)
    assert found == Counter({id: count * ACCOUNTS for id, count in alone.items()})


def test_what_is_wrong_in_one_is_found_there_alone(one: Environment) -> None:
    every = list(accounts(one, accounts=ACCOUNTS, clusters=CLUSTERS, names=NAMES))
    before = {key.arn for key in keys(judged(*every))}
    found = [
        body for stack in every[1].templates.values() for body in stack["Resources"].values()
        if body["Type"] == "AWS::KMS::Key" and body["Metadata"]["hardened-eks:arn"] not in before
    ]  # fmt: skip
    found[0]["Properties"]["EnableKeyRotation"] = False
    after = keys(judged(*every))
    assert [key.arn for key in after if key.arn not in before] == [found[0]["Metadata"]["hardened-eks:arn"]]
    assert [key.template.account for key in after if key.arn not in before] == [every[1].account]
