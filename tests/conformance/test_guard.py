"""The rules in Guard, run by the real cfn-guard on configuration items: passing, failing, deleted; and as our controls.

cfn-guard is a peer of the benchmarks (`benchmarks/peers/cfnguard`), installed there when it is first asked for.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.peers import guard_binary, unpack_guard
from hardened_eks.conformance import CUSTOM, CustomRule, packs
from hardened_eks.conformance._guard import MOST_CHARACTERS, xen
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements
from hardened_eks.data import config_rules, instances
from tests.controls.cases import apply, findings, template
from tests.controls.test_catalogue import CASES

LT = "AWS::EC2::LaunchTemplate"
HOP, NITRO = CUSTOM
Judge = Callable[[CustomRule, Mapping[str, Any]], dict[str, str]]


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    unpack_guard()

    def run(rule: CustomRule, items: Mapping[str, Any]) -> dict[str, str]:
        """Return PASS, FAIL or SKIP by item: AWS Config makes COMPLIANT, NON_COMPLIANT and NOT_APPLICABLE of them."""
        folder = tmp_path_factory.mktemp("items")
        policy = tmp_path_factory.mktemp("rules") / "rule.guard"
        policy.write_text(rule.text)
        names = list(items)
        for number, name in enumerate(names):
            (folder / f"{number}.json").write_text(json.dumps(items[name]))
        command = [guard_binary(), "validate", "-d", folder, "-r", policy, "--structured", "-o", "json", "--show-summary",
                   "none"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode in (0, 19), done.stderr
        return {names[int(Path(one["name"]).stem)]: one["status"] for one in json.loads(done.stdout)}

    return run


def item(configuration: Any, status: str = "OK", type_: str = LT) -> dict[str, Any]:
    """A configuration item, as AWS Config hands it to a rule."""
    return {
        "version": "1.3", "accountId": "123456789012", "configurationItemStatus": status, "resourceType": type_,
        "resourceId": "lt-0123456789abcdef0", "resourceName": None, "awsRegion": "eu-central-1", "tags": {},
        "relationships": [], "configuration": configuration, "supplementaryConfiguration": {},
    }  # fmt: skip


def launch(**data: Any) -> dict[str, Any]:
    return {"LaunchTemplateName": "nodes", "LaunchTemplateData": data}


def options(**metadata: Any) -> dict[str, Any]:
    return launch(MetadataOptions=metadata)


ITEMS: list[tuple[CustomRule, str, Any, str]] = [
    (HOP, "one hop", options(HttpTokens="required", HttpPutResponseHopLimit=1), "PASS"),
    (HOP, "no metadata service", options(HttpEndpoint="disabled"), "PASS"),
    (HOP, "two hops", options(HttpPutResponseHopLimit=2), "FAIL"),
    (HOP, "no limit", options(HttpTokens="required"), "FAIL"),
    (HOP, "no options", launch(InstanceType="m7g.large"), "FAIL"),
    (HOP, "null", options(HttpPutResponseHopLimit=None), "FAIL"),
    (NITRO, "Nitro", launch(InstanceType="m7g.large"), "PASS"),
    (NITRO, "newer than this library", launch(InstanceType="m99g.large"), "PASS"),
    (NITRO, "Xen", launch(InstanceType="t2.micro"), "FAIL"),
    (NITRO, "Xen, retired", launch(InstanceType="p3.2xlarge"), "FAIL"),
    (NITRO, "bare metal of a family on Xen", launch(InstanceType="i3.metal"), "PASS"),
    (NITRO, "no type", launch(MetadataOptions={}), "SKIP"),
    (NITRO, "families", launch(InstanceRequirements={"AllowedInstanceTypes": ["m7g.*", "c7g.large"]}), "PASS"),
    (NITRO, "one family on Xen", launch(InstanceRequirements={"AllowedInstanceTypes": ["m7g.*", "m4.*"]}), "FAIL"),
    (NITRO, "any family", launch(InstanceRequirements={"AllowedInstanceTypes": ["m*"]}), "FAIL"),
    (NITRO, "any type", launch(InstanceRequirements={"VCpuCount": {"Min": 2}}), "FAIL"),
]


def test_each_item_gets_its_verdict(judge: Judge) -> None:
    for rule in CUSTOM:
        mine = {name: (configuration, expected) for one, name, configuration, expected in ITEMS if one is rule}
        found = judge(rule, {name: item(configuration) for name, (configuration, _) in mine.items()})
        assert found == {name: expected for name, (_, expected) in mine.items()}
        assert {"PASS", "FAIL"} <= set(found.values())


@pytest.mark.parametrize("rule", CUSTOM, ids=lambda one: one.name)
def test_what_is_deleted_or_of_another_type_is_not_judged(judge: Judge, rule: CustomRule) -> None:
    wrong = next(configuration for one, _, configuration, expected in ITEMS if one is rule and expected == "FAIL")
    found = judge(
        rule,
        {
            "deleted": item(None, "ResourceDeleted"),
            "deleted, not recorded": item(None, "ResourceDeletedNotRecorded"),
            "not recorded": item(wrong, "ResourceNotRecorded"),
            "another type": item(wrong, type_="AWS::EC2::Instance"),
            "discovered": item(wrong, "ResourceDiscovered"),
        },
    )
    assert found.pop("discovered") == "FAIL"
    assert set(found.values()) == {"SKIP"}


def literal(value: Any) -> bool:
    if isinstance(value, dict):
        return not any(key.startswith("Fn::") or key == "Ref" for key in value) and all(map(literal, value.values()))
    return all(map(literal, value)) if isinstance(value, list) else True


def judged_by_control(rule: CustomRule) -> dict[str, Any]:
    """Return the launch templates of the control's own cases, as far as an item could be like them."""
    case = next(one for one in CASES if one.control.name == rule.control)
    bodies = {"good": case.good, **{n: apply(c, case.good) for n, c in (*case.bad.items(), *case.edge.items())}}
    found = {
        f"{name}, {id_}": resource["Properties"]
        for name, body in bodies.items()
        for id_, resource in body["Resources"].items()
        if resource["Type"] == LT
    }
    return {
        name: launch(**kept)
        for name, properties in found.items()
        if (kept := {
            part: value
            for part, value in properties.get("LaunchTemplateData", {}).items()
            if part in {"MetadataOptions", "InstanceType", "InstanceRequirements"}
        }) and literal(kept)
    }  # fmt: skip


IMPOSSIBLE = {"boolean", "no number"}
"""No item has such a value: EC2 refuses it."""


@pytest.mark.parametrize("rule", CUSTOM, ids=lambda one: one.name)
def test_it_agrees_with_our_control(judge: Judge, rule: CustomRule) -> None:
    control = next(one for one in CATALOGUE if one.name == rule.control)
    templates = {n: c for n, c in judged_by_control(rule).items() if n.partition(",")[0] not in IMPOSSIBLE}
    templates |= {name: configuration for one, name, configuration, _ in ITEMS if one is rule}
    theirs = judge(rule, {name: item(configuration) for name, configuration in templates.items()})
    ours = {n: bool(findings(control, template({"T": (LT, c)}))) for n, c in templates.items()}
    differ = {name for name in templates if (theirs[name] == "FAIL") != ours[name]}
    # A family newer than this library: the control says that it is not on record, a rule in an account outlives that.
    assert differ == ({"newer than this library"} if rule is NITRO else set())
    assert len(templates) > 10
    assert set(ours.values()) == {True, False}


def test_it_agrees_on_every_type_on_record(judge: Judge) -> None:
    found = judge(NITRO, {name: item(launch(InstanceType=name)) for name in instances.names()})
    on_xen = {name for name in instances.names() if not (kind := instances.lookup(name)) or not kind.nitro}
    assert {name for name, verdict in found.items() if verdict == "FAIL"} == on_xen
    assert len(on_xen) > 50
    assert {"t2", "m4", "p3"} <= set(xen())


def test_they_stand_in_the_packs_within_the_limits() -> None:
    made = {rule.name: rule for rule in CUSTOM}
    for pack in packs(region="eu-central-1").packs:
        for name in pack.custom:
            rule = made.pop(name)
            assert requirements()[rule.requirement].tier == pack.tier
            entries = yaml.safe_load(pack.text)["Resources"].values()
            (found,) = (one["Properties"] for one in entries if one["Properties"]["ConfigRuleName"] == name)
            source = found["Source"]
            assert source["Owner"] == "CUSTOM_POLICY"
            assert source["CustomPolicyDetails"] == {
                "PolicyRuntime": "guard-2.x.x", "PolicyText": rule.text, "EnableDebugLogDelivery": False,
            }  # fmt: skip
            assert {one["MessageType"] for one in source["SourceDetails"]} == {
                "ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification",
            }  # fmt: skip
            assert found["Scope"] == {"ComplianceResourceTypes": [LT]}
            assert len(rule.text) <= MOST_CHARACTERS
    assert made == {}


def test_aws_has_no_managed_rule_for_them() -> None:
    identifiers = config_rules.identifiers()
    assert not [one for one in identifiers if "LAUNCH_TEMPLATE" in one and "HOP" in one]
    assert not [one for one in identifiers if "NITRO" in one]
