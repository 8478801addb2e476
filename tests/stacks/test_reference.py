"""The reference stacks: no finding unacknowledged, nothing stateful renamed, nothing changed unseen."""

import json
from collections import Counter
from typing import Any

import cfnlint.api
import pytest
from syrupy.assertion import SnapshotAssertion

from stacks.settings import Settings
from hardened_eks.errors import ConfigurationError
from hardened_eks.diagram import draw, gather
from hardened_eks.sources import load
from tests.diagram.test_diagram import assert_readable, rules, words
from tests.linting import READS_THE_CALENDAR
from tests.stacks.conftest import TRUSTED, Synthesized, synthesize

pytestmark = pytest.mark.xdist_group("stacks")

STATEFUL = {
    "AWS::EKS::Cluster",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::ECR::Repository",
    "AWS::EC2::VPC",
    "AWS::S3::Bucket",
}


def violations(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (p["summary"]["pluginName"] if "summary" in p else p["pluginName"], v["ruleName"])
        for p in report["pluginReports"]
        for v in p.get("violations", ())
        if v.get("ruleMetadata", {}).get("state") != "waived"
    ]


def test_no_rule_pack_has_a_finding_left(synthesized: Synthesized) -> None:
    assert violations(synthesized.report) == []


def test_the_picture_says_all_of_it(synthesized: Synthesized) -> None:
    """What is counted in the files, without the package that draws, is in the picture."""
    facts = gather(load([str(synthesized.directory)]).assembly)
    entries = [entry for template in synthesized.templates.values() for entry in template["Resources"].values()]
    count = Counter(entry["Type"] for entry in entries)
    assert len(facts.keys) == count["AWS::KMS::Key"]
    assert len({trust.role for trust in facts.trusts}) == count["AWS::IAM::Role"]
    assert len(facts.records) == count["AWS::Logs::LogGroup"]
    texts = words(draw(facts))
    for entry in entries:
        for rule in rules(entry):
            if rule.get("CidrIp") != "255.255.255.255/32":  # written where nothing is let through
                assert str(rule.get("FromPort", "")) in texts
        document = entry.get("Properties", {}).get("AssumeRolePolicyDocument", {})
        for statement in document.get("Statement", ()):
            assert all(key.lower() in texts for keys in statement.get("Condition", {}).values() for key in keys)
    assert all(taker in texts for trust in facts.trusts for taker in trust.takers)
    assert_readable(facts)


def test_acknowledgements_are_frozen(isolated: Synthesized, snapshot: SnapshotAssertion) -> None:
    found = sorted(
        {
            (v["ruleName"], s.get("acknowledgedReason") or s.get("reason") or str(s))
            for plugin in isolated.report["pluginReports"]
            for v in plugin.get("suppressedViolations", ())
            for s in [v]
        }
    )
    assert found == snapshot


def test_cfn_lint_is_silent(synthesized: Synthesized) -> None:
    settings = cfnlint.api.ManualArgs(
        regions=["us-east-1", "eu-west-1"],
        # W3010 dislikes zones that are named; who places the stacks in a region names them.
        ignore_checks=[*READS_THE_CALENDAR, *(["W3010"] if synthesized.variant == "placed" else [])],
    )
    for name, template in synthesized.templates.items():
        found = cfnlint.api.lint(json.dumps(template), config=settings)
        assert [f"{name}: {m.rule.id} {m.message} at {m.path}" for m in found] == []


def test_logical_ids_of_stateful_resources_are_frozen(synthesized: Synthesized, snapshot: SnapshotAssertion) -> None:
    ids = {
        name: sorted(
            f"{r['Type']} {i} {r.get('DeletionPolicy')}" for i, r in t["Resources"].items() if r["Type"] in STATEFUL
        )
        for name, t in synthesized.templates.items()
    }
    assert ids == snapshot


def test_templates_are_frozen(synthesized: Synthesized, snapshot: SnapshotAssertion) -> None:
    assert synthesized.templates == snapshot


def test_one_function_closes_the_default_security_group_and_there_is_no_other(synthesized: Synthesized) -> None:
    types = Counter(r["Type"] for t in synthesized.templates.values() for r in t["Resources"].values())
    custom = {
        t: n for t, n in types.items() if t.startswith(("AWS::Lambda", "Custom::", "AWS::CloudFormation::Custom"))
    }
    assert custom == {"AWS::Lambda::Function": 1, "Custom::ClosedDefaultSecurityGroup": 1}


def test_no_partition_is_written_literally(synthesized: Synthesized) -> None:
    text = json.dumps(synthesized.templates)
    for given in (*TRUSTED["hardened-eks:trusted_principals"], *TRUSTED["hardened-eks:image_pushers"]):
        text = text.replace(given, "")
    assert "arn:aws:" not in text


def test_settings_name_every_mistake_at_once(tmp_path: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        synthesize(
            tmp_path,
            "isolated",
            **{
                "hardened-eks:egress": "open",
                "hardened-eks:compute": "windows",
                "hardened-eks:version": 1.36,
                "hardened-eks:instance_types": 5,
                "hardened-eks:instance_type": "m7g.large",
                "hardened-eks:tags": ["a"],
            },
        )
    message = str(caught.value)
    for word in (
        "'open'",
        "one of managed, self-managed, karpenter, auto-mode, fargate, got 'windows'",
        "1.36",
        "got 5",
        "'hardened-eks:instance_type'",
        "['a']",
    ):
        assert word in message
    assert Settings.__dataclass_params__.frozen
