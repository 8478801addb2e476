"""Accounts of an organization, an aggregator of AWS Config, and imports into Security Hub, on the local double."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports.as_asff import archiving
from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.importing import import_findings
from hardened_eks.sources.account.organization import accounts, aggregated
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws, failure

PRODUCT = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"


@pytest.fixture
def double() -> DoubleOfAws:
    return DoubleOfAws()


@pytest.fixture
def asker(double: DoubleOfAws) -> Asker:
    return Asker(double.clients(), ACCOUNT, REGION)


def member(id: str, status: str = "ACTIVE") -> dict[str, str]:
    return {"Id": id, "Status": status}


def test_active_accounts_of_all_pages(double: DoubleOfAws, asker: Asker) -> None:
    double.in_pages("organizations:ListAccounts", [
        {"Accounts": [member("222222222222"), member("333333333333", "SUSPENDED")]}, {"Accounts": [member("111111111111")]},
    ])  # fmt: skip
    assert accounts(asker) == ["111111111111", "222222222222"]


@pytest.mark.parametrize("key", ["State", "Status"])
def test_an_account_that_is_closed_is_not_asked(double: DoubleOfAws, asker: Asker, key: str) -> None:
    """AWS retired `Status` in September 2026."""
    told = [
        {"Id": "111111111111", key: "ACTIVE"},
        {"Id": "222222222222", key: "SUSPENDED"},
        {"Id": "333333333333", key: "CLOSED"},
    ]
    double.answers["organizations:ListAccounts"] = {"Accounts": told}
    assert accounts(asker) == ["111111111111"]


def test_units_with_those_below(double: DoubleOfAws, asker: Asker) -> None:
    tree = {"ou-a": ["ou-b"], "ou-b": []}
    homes = {"ou-a": [member("111111111111")], "ou-b": [member("222222222222")]}
    double.answers["organizations:ListAccountsForParent"] = lambda a: {"Accounts": homes[a["ParentId"]]}
    double.answers["organizations:ListChildren"] = lambda a: {"Children": [{"Id": one} for one in tree[a["ParentId"]]]}
    assert accounts(asker, ["ou-a"]) == ["111111111111", "222222222222"]
    assert accounts(asker, ["ou-b"]) == ["222222222222"]


def test_a_unit_that_does_not_exist_is_a_mistake_beside_one_that_does(double: DoubleOfAws, asker: Asker) -> None:
    def below(arguments: dict[str, Any]) -> Any:
        if arguments["ParentId"] == "ou-a":
            return {"Accounts": [member("111111111111")]}
        raise failure("ParentNotFoundException", "ListAccountsForParent")

    double.answers["organizations:ListAccountsForParent"] = below
    with pytest.raises(UnusableInputError, match="unit 'ou-typo' does not exist, or has no account") as caught:
        accounts(asker, ["ou-a", "ou-typo", "ou-other"])
    assert [problem.path for problem in caught.value.problems] == ["--ou", "--ou"]


def test_an_organization_that_does_not_say_is_no_empty_one(double: DoubleOfAws, asker: Asker) -> None:
    double.refuse("organizations:ListAccounts")
    with pytest.raises(
        UnusableInputError, match=r"--organization: the organization cannot be read: organizations:ListAccounts"
    ):
        accounts(asker)
    double.in_pages("organizations:ListAccounts", [{"Accounts": [member("111111111111")]}, failure("Throttling", "x")])
    with pytest.raises(UnusableInputError, match="cannot be read"):
        accounts(asker)


def row(type_: str, name: str, account: str, configuration: Any) -> str:
    return json.dumps({
        "resourceType": type_, "resourceName": name, "resourceId": name, "accountId": account, "awsRegion": REGION,
        "arn": f"arn:aws:eks:{REGION}:{account}:cluster/{name}", "configuration": configuration,
        "tags": [{"key": "owner", "value": "team"}],
    })  # fmt: skip


def test_an_aggregator_is_wide_and_says_what_it_does_not_know(double: DoubleOfAws, asker: Asker) -> None:
    public = {
        "Name": "payments",
        "ResourcesVpcConfig": {"EndpointPublicAccess": True, "PublicAccessCidrs": ["0.0.0.0/0"]},
    }
    double.answers["config:SelectAggregateResourceConfig"] = {"Results": [
        row("AWS::EKS::Cluster", "payments", ACCOUNT, public), row("AWS::EKS::Cluster", "other", "222222222222", {}),
    ]}  # fmt: skip
    found = aggregated(asker, "all")
    assert [(one.account, one.region, one.clusters) for one in found] == [
        (ACCOUNT, REGION, ("payments",)), ("222222222222", REGION, ("other",)),
    ]  # fmt: skip
    assert "no node groups, access entries" in found[0].not_seen[0]
    outcome = evaluate(found[0].load().assembly, [one for one in CATALOGUE if one.needs == "resource"])
    assert "CP-01" in {finding.control.id for finding in outcome.findings}
    unknown = {finding.control.id for finding in outcome.unseen}
    assert "CP-10" in unknown  # deletion protection
    assert "CP-10" not in {finding.control.id for finding in outcome.findings}


def test_an_aggregator_that_is_not_there_is_refused(double: DoubleOfAws, asker: Asker) -> None:
    double.refuse("config:SelectAggregateResourceConfig", "AccessDenied")
    with pytest.raises(UnusableInputError, match="--aggregator: config:SelectAggregateResourceConfig"):
        aggregated(asker, "all")


class Hub:
    """Stands for Security Hub: keeps the last of each id, takes 100 at a time."""

    def __init__(self, double: DoubleOfAws) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.batches: list[int] = []
        double.answers["securityhub:BatchImportFindings"] = self.take
        double.answers["securityhub:GetFindings"] = lambda a: {"Findings": [dict(one) for one in self.stored.values()]}

    def take(self, arguments: dict[str, Any]) -> dict[str, Any]:
        findings = arguments["Findings"]
        assert 1 <= len(findings) <= 100
        self.batches.append(len(findings))
        bad = [one for one in findings if "Title" not in one]
        self.stored |= {one["Id"]: one for one in findings if one not in bad}
        failed = [{"Id": one["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "no title"} for one in bad]
        return {"SuccessCount": len(findings) - len(bad), "FailedCount": len(bad), "FailedFindings": failed}


def finding(number: int, control: str = "CP-01") -> dict[str, Any]:
    return {"Id": f"hardened-eks/{number}", "GeneratorId": f"hardened-eks/{control}", "Title": "t", "ProductArn": PRODUCT,
            "AwsAccountId": ACCOUNT, "CreatedAt": "x", "UpdatedAt": "x", "RecordState": "ACTIVE",
            "Resources": [{"Id": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/c{number}"}],
            "Compliance": {"Status": "FAILED"}}  # fmt: skip


def send(asker: Asker, findings: list[dict[str, Any]], now: str, *, whole: bool = True) -> Any:
    return import_findings(
        asker, findings, now=now, product=PRODUCT, generators=frozenset({"hardened-eks/CP-01"}),
        archive=archiving(findings, now) if whole else None,
    )  # fmt: skip


def test_findings_are_imported_100_at_a_time(double: DoubleOfAws, asker: Asker) -> None:
    hub = Hub(double)
    result = send(asker, [finding(n) for n in range(250)], "2026-11-29")
    assert (result.sent, result.archived, result.failed) == (250, 0, [])
    assert hub.batches == [100, 100, 50]
    assert len(hub.stored) == 250


def test_what_stays_is_updated_and_what_is_gone_is_archived(double: DoubleOfAws, asker: Asker) -> None:
    hub = Hub(double)
    send(asker, [finding(1), finding(2), finding(3, "ND-01")], "2026-11-28")
    result = send(asker, [finding(1)], "2026-11-29")
    assert (result.sent, result.archived) == (1, 1)
    one, two, other = (hub.stored[f"hardened-eks/{n}"] for n in (1, 2, 3))
    assert (one["CreatedAt"], one["UpdatedAt"], one["RecordState"]) == ("2026-11-28", "2026-11-29", "ACTIVE")
    assert (two["RecordState"], two["Compliance"]) == ("ARCHIVED", {"Status": "PASSED"})
    assert other["RecordState"] == "ACTIVE"  # its control was not judged
    assert send(asker, [finding(1)], "2026-11-30").archived == 0


def test_nothing_is_archived_where_something_was_not_seen(double: DoubleOfAws, asker: Asker) -> None:
    hub = Hub(double)
    send(asker, [finding(1)], "2026-11-28")
    assert send(asker, [], "2026-11-29", whole=False).archived == 0
    assert hub.stored["hardened-eks/1"]["RecordState"] == "ACTIVE"


def test_what_security_hub_refuses_is_told(double: DoubleOfAws, asker: Asker) -> None:
    Hub(double)
    bad = {key: value for key, value in finding(2).items() if key != "Title"}
    result = send(asker, [finding(1), bad], "2026-11-29")
    assert (result.sent, result.failed) == (1, ["hardened-eks/2: no title (InvalidInput)"])
    double.refuse("securityhub:BatchImportFindings")
    assert "securityhub:BatchImportFindings" in send(asker, [finding(1)], "2026-11-29").failed[0]
