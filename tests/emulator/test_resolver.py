"""DNS Firewall and query logs of the reference network, as a CloudFormation engine makes, changes and deletes them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.emulator.conftest import Account, StackFailed
from tests.stacks.conftest import synthesize

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
NAME = "HardenedEks-Foundation"
GROUP = "AWS::Route53Resolver::FirewallRuleGroup"
LIST = "AWS::Route53Resolver::FirewallDomainList"
ASSOCIATION = "AWS::Route53Resolver::FirewallRuleGroupAssociation"


@pytest.fixture(scope="module")
def foundation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return synthesize(tmp_path_factory.mktemp("resolver"), "isolated").templates[NAME]


def ids(template: dict[str, Any], type_: str) -> list[str]:
    return [i for i, r in template["Resources"].items() if r["Type"].startswith(type_)]


def without_firewall(template: dict[str, Any]) -> dict[str, Any]:
    gone = set(ids(template, "AWS::Route53Resolver::Firewall"))
    return {**template, "Resources": {i: r for i, r in template["Resources"].items() if i not in gone}}


def alerting(template: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(template)
    for rule in changed["Resources"][ids(changed, GROUP)[0]]["Properties"]["FirewallRules"]:
        if rule["Action"] == "BLOCK":
            rule["Action"] = "ALERT"
            del rule["BlockResponse"]
    return changed


def test_an_existing_network_gets_alerts_first_and_blocks_later(account: Account, foundation: dict[str, Any]) -> None:
    before = account.deploy(NAME, without_firewall(foundation))
    first = account.deploy(NAME, alerting(foundation))
    assert before.items() <= first.items()
    then = account.deploy(NAME, foundation)
    assert then == first


def test_the_log_group_outlives_the_stack(account: Account, foundation: dict[str, Any]) -> None:
    made = account.deploy(NAME, foundation)
    (group,) = [made[i] for i in ids(foundation, "AWS::Logs::LogGroup") if "Dns" in i]
    account.delete(NAME)
    found = account.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    assert found["retentionInDays"] == 365
    assert ":key/" in found["kmsKeyId"]


def changed(template: dict[str, Any], type_: str, **properties: Any) -> dict[str, Any]:
    edited = copy.deepcopy(template)
    for id in ids(template, type_):
        edited["Resources"][id]["Properties"].update(properties)
    return edited


@pytest.mark.parametrize(
    ("type_", "properties", "words"),
    [
        (LIST, {"Domains": ["a.*.example"]}, r"a\.\*\.example is not a domain name"),
        (GROUP, {"FirewallRules": [{"Action": "ALLOW", "Priority": 1}]}, "a rule needs one of"),
        (
            GROUP,
            {"FirewallRules": [{"Action": "ALLOW", "Priority": 1, "FirewallDomainListId": "rslvr-fdl-none"}]},
            "no FirewallDomainList has the id rslvr-fdl-none",
        ),
        (ASSOCIATION, {"Priority": 100}, "not between 100 and 9900"),
        (ASSOCIATION, {"VpcId": "vpc-none"}, "no VPC has the id vpc-none"),
        ("AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation", {"Nope": 1}, "extraneous key"),
    ],
)
def test_a_mistake_is_refused(
    account: Account, foundation: dict[str, Any], type_: str, properties: dict[str, Any], words: str
) -> None:
    with pytest.raises(StackFailed, match=words):
        account.deploy(NAME, changed(foundation, type_, **properties))


def test_a_second_firewall_of_one_priority_is_refused(account: Account, foundation: dict[str, Any]) -> None:
    twice = copy.deepcopy(foundation)
    twice["Resources"]["Second"] = copy.deepcopy(twice["Resources"][ids(foundation, ASSOCIATION)[-1]])
    with pytest.raises(StackFailed, match="priority 1000 is that of"):
        account.deploy(NAME, twice)
