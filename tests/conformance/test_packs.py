"""Conformance packs: within AWS's limits everywhere, complete in their parameters, and what they leave out is told."""

from typing import Any

import pytest
import yaml

from hardened_eks.controls.frameworks import requirements
from hardened_eks.data import config_rules, regions
from hardened_eks.errors import ConfigurationError
from hardened_eks.conformance import CUSTOM, LEFT_OUT, NEVER, Packs, Remedy, _packs, packs
from hardened_eks.conformance._values import values

RUNTIME = "GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED"


def rules_of(made: Packs) -> dict[str, dict[str, Any]]:
    entries = [entry for pack in made.packs for entry in yaml.safe_load(pack.text)["Resources"].values()]
    sources = [(entry["Properties"]["Source"], entry["Properties"]) for entry in entries]
    return {source["SourceIdentifier"]: properties for source, properties in sources if source["Owner"] == "AWS"}


@pytest.fixture(scope="module")
def frankfurt() -> Packs:
    return packs(region="eu-central-1")


def test_one_pack_a_tier_with_every_rule_that_is_not_left_out(frankfurt: Packs) -> None:
    assert [pack.name for pack in frankfurt.packs] == [
        "hardened-eks-core",
        "hardened-eks-module",
        "hardened-eks-account",
    ]
    named = {id_ for one in requirements().values() for id_ in one.references.get("config", ())}
    assert set(rules_of(frankfurt)) | set(frankfurt.left_out) == named
    assert set(rules_of(frankfurt)) & set(frankfurt.left_out) == set()
    assert len(named) > 180
    assert not frankfurt.unknown


def test_within_the_limits() -> None:
    for region in regions.PARTITIONS:
        for pack in packs(region=region).packs:
            loaded = yaml.safe_load(pack.text)["Resources"]
            names = [entry["Properties"]["ConfigRuleName"] for entry in loaded.values()]
            assert len(loaded) == pack.rules == len(set(names)) <= 130
            assert len(pack.text.encode()) <= 51_200
            assert all(len(entry["Properties"]["Description"]) <= 256 for entry in loaded.values())


def test_a_rule_reads_as_config_takes_it(frankfurt: Packs) -> None:
    text = frankfurt.packs[0].text
    assert yaml.safe_load(text)["Resources"]["EksClusterSupportedVersion"] == {
        "Type": "AWS::Config::ConfigRule",
        "Properties": {
            "ConfigRuleName": "eks-cluster-supported-version",
            "Description": "eks.version.supported, CP-08",
            "InputParameters": {"oldestVersionSupported": "1.34"},
            "Source": {"Owner": "AWS", "SourceIdentifier": "EKS_CLUSTER_SUPPORTED_VERSION"},
        },
    }


def test_no_mandatory_parameter_is_missing_and_all_are_texts() -> None:
    for region in ("eu-central-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1"):
        for identifier, properties in rules_of(packs(region=region)).items():
            rule = config_rules.rule(identifier)
            assert rule is not None
            given = properties.get("InputParameters", {})
            assert set(rule.required) <= set(given) <= set(rule.parameters), identifier
            assert all(isinstance(value, str) and value for value in given.values()), identifier


def test_policies_are_of_the_partition_of_the_region() -> None:
    china = rules_of(packs(region="cn-north-1"))
    assert china["IAM_POLICY_IN_USE"]["InputParameters"]["policyARN"] == "arn:aws-cn:iam::aws:policy/AWSSupportAccess"
    for partition in set(regions.PARTITIONS.values()):
        arns = [v for named in values(partition).values() for v in named.values() if v.startswith("arn:")]
        assert all(arn.startswith(f"arn:{partition}:") for arn in arns)
        assert arns


def test_a_rule_that_the_region_lacks_is_left_out_and_told() -> None:
    made = packs(region="ca-west-1")
    assert made.left_out["EKS_CLUSTER_LOG_ENABLED"] == "AWS Config does not support the rule in ca-west-1"
    assert "EKS_CLUSTER_LOG_ENABLED" not in rules_of(made)


def test_a_region_that_the_list_does_not_speak_of_is_told() -> None:
    made = packs(region="us-iso-east-1")
    assert made.unknown
    assert set(made.left_out) == set(LEFT_OUT)


def test_a_region_that_is_not_known_is_refused_unless_it_is_said_to_be_new() -> None:
    with pytest.raises(ConfigurationError, match="'eu-west-9' is not a Region .* or pass new_region=True"):
        packs(region="eu-west-9")
    assert packs(region="eu-west-9", new_region=True).unknown


def test_runtime_protection_is_left_out_for_good(frankfurt: Packs) -> None:
    assert "add-on of the stack" in frankfurt.left_out[RUNTIME]
    assert RUNTIME not in rules_of(frankfurt)
    with pytest.raises(ConfigurationError, match=f"parameters names '{RUNTIME}', which is not a managed rule"):
        packs(region="eu-central-1", parameters={RUNTIME: {}})
    assert {RUNTIME} == NEVER


def test_a_rule_is_brought_back_by_its_parameters() -> None:
    made = packs(region="eu-central-1", parameters={"REQUIRED_TAGS": {"tag1Key": "team"}})
    assert rules_of(made)["REQUIRED_TAGS"]["InputParameters"] == {"tag1Key": "team"}
    half = packs(region="eu-central-1", parameters={"CLOUDWATCH_ALARM_RESOURCE_CHECK": {"metricName": "x"}})
    assert half.left_out["CLOUDWATCH_ALARM_RESOURCE_CHECK"] == "set resourceType"


def test_a_value_of_yours_wins() -> None:
    made = packs(region="eu-central-1", parameters={"EC2_TOKEN_HOP_LIMIT_CHECK": {"tokenHopLimit": "2"}})
    assert rules_of(made)["EC2_TOKEN_HOP_LIMIT_CHECK"]["InputParameters"] == {"tokenHopLimit": "2"}


def test_more_rules_than_one_pack_holds_are_split(monkeypatch: pytest.MonkeyPatch, frankfurt: Packs) -> None:
    monkeypatch.setattr(_packs, "MOST_RULES", 50)
    made = packs(region="eu-central-1", tiers=["core", "module"])
    assert [pack.name for pack in made.packs] == ["hardened-eks-core-1", "hardened-eks-core-2", "hardened-eks-module"]
    assert made.packs[0].identifiers + made.packs[1].identifiers == frankfurt.packs[0].identifiers
    assert made.packs[0].custom + made.packs[1].custom == frankfurt.packs[0].custom == tuple(one.name for one in CUSTOM)


def test_fails_when_a_pack_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_packs, "MOST_BYTES", 20_000)
    with pytest.raises(
        ConfigurationError, match=r"hardened-eks-core has \d+ bytes; a conformance pack can have at most 20000"
    ):
        packs(region="eu-central-1")


def test_fails_with_every_mistake() -> None:
    with pytest.raises(ConfigurationError) as caught:
        packs(region="nowhere", parameters={"X": {"y": "1"}, "REQUIRED_TAGS": {"tag": "1"}})
    assert [problem.partition("; its parameters")[0] for problem in caught.value.problems] == [
        "region needs the ID of a Region, such as eu-central-1, got 'nowhere'",
        "parameters names 'X', which is not a managed rule in the conformance packs; use an identifier such as "
        "EKS_SECRETS_ENCRYPTED",
        "REQUIRED_TAGS has no parameter 'tag'",
    ]


def test_the_packs_of_one_standard() -> None:
    made = packs(region="eu-central-1", framework="hipaa", prefix="clinic")
    assert [pack.name for pack in made.packs] == ["clinic-core", "clinic-module", "clinic-account"]
    asked = {key for key, one in requirements().items() if "hipaa" in one.references}
    named = {id_ for key in asked for id_ in requirements()[key].references.get("config", ())}
    assert set(rules_of(made)) == named - set(made.left_out)
    assert 0 < len(rules_of(made)) < 150
    with pytest.raises(ConfigurationError, match="unknown framework 'hippa'; use one of .*hipaa.*pci-dss-4.0.1"):
        packs(region="eu-central-1", framework="hippa")


def test_tiers_are_judged() -> None:
    with pytest.raises(ConfigurationError) as caught:
        packs(region="eu-central-1", tiers=("core", "all", "core"))
    assert [problem.split(",")[0] for problem in caught.value.problems] == [
        "tiers contains 'all'; use core", "tiers contains a tier more than once",
    ]  # fmt: skip
    with pytest.raises(
        ConfigurationError, match="tiers needs a list with one or more of core, module, account, got 'core'"
    ):
        packs(region="eu-central-1", tiers="core")


def test_a_remedy_stands_beside_its_rule_and_is_never_automatic() -> None:
    remedy = Remedy(
        name="CloseEndpoint", identifier="EKS_ENDPOINT_NO_PUBLIC_ACCESS", type="AWS::EKS::Cluster", parameter="ClusterName",
        values={"Why": "because"},
    )  # fmt: skip
    core, module, _ = packs(region="eu-central-1", fixes=[remedy]).packs
    assert core.parameters == ("RemediationRole", "CloseEndpointDocument")
    assert module.parameters == ()
    template = yaml.safe_load(core.text)
    assert set(template["Parameters"]) == set(core.parameters)
    assert template["Resources"]["CloseEndpointRemediation"] == {
        "Type": "AWS::Config::RemediationConfiguration",
        "DependsOn": "EksEndpointNoPublicAccess",
        "Properties": {
            "ConfigRuleName": template["Resources"]["EksEndpointNoPublicAccess"]["Properties"]["ConfigRuleName"],
            "ResourceType": "AWS::EKS::Cluster",
            "TargetType": "SSM_DOCUMENT",
            "TargetId": {"Ref": "CloseEndpointDocument"},
            "Parameters": {
                "AutomationAssumeRole": {"StaticValue": {"Values": [{"Ref": "RemediationRole"}]}},
                "ClusterName": {"ResourceValue": {"Value": "RESOURCE_ID"}},
                "Why": {"StaticValue": {"Values": ["because"]}},
            },
            "Automatic": False,
        },
    }
    assert core.rules == sum(one["Type"] == "AWS::Config::ConfigRule" for one in template["Resources"].values())
