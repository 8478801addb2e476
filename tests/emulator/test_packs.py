"""Conformance packs, their remediations and aggregators, as a CloudFormation engine makes, changes and deletes them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
import yaml
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.conformance import CUSTOM
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
PACK = "AWS::Config::ConformancePack"
FEWER = "ca-west-1"
"""A Region that lacks some of the managed rules."""


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Config", env=cdk.Environment(account=ACCOUNT, region=REGION))
    recorder = hardened.ConfigRecorder(stack, "Recorder")
    hardened.ConformancePacks(
        stack,
        "Packs",
        recorder=recorder,
        remediations=["close-endpoint", "rotate-key"],
        approvers=[f"arn:aws:iam::{ACCOUNT}:role/lead"],
    )
    hardened.OrganizationConformancePacks(stack, "All", excluded_accounts=["210987654321"], name_prefix="all")
    hardened.ConfigAggregator(stack, "Two", accounts=[ACCOUNT, "210987654321"])
    hardened.AggregationAuthorization(stack, "Agreed", account="210987654321", region="eu-central-1")
    return dict(Template.from_stack(stack).to_json())


def packs(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [one["Properties"] for one in template["Resources"].values() if one["Type"] == PACK]
    return {one["ConformancePackName"]: one for one in found}


def names(pack: dict[str, Any]) -> set[str]:
    resources = yaml.safe_load(pack["TemplateBody"])["Resources"].values()
    return {one["Properties"]["ConfigRuleName"] for one in resources if one["Type"] == "AWS::Config::ConfigRule"}


def rules(account: Account) -> dict[str, dict[str, Any]]:
    found = account.client("config").describe_config_rules()["ConfigRules"]
    return {one["ConfigRuleName"].partition("-conformance-pack-")[0]: one for one in found}


def test_the_rules_of_the_packs_are_there(account: Account, template: dict[str, Any]) -> None:
    account.deploy("config", template)
    config = account.client("config")
    made = {one["ConformancePackName"] for one in config.describe_conformance_packs()["ConformancePackDetails"]}
    assert made == {"hardened-eks-core", "hardened-eks-module", "hardened-eks-account"}
    found = rules(account)
    assert set(found) == {name for pack in packs(template).values() for name in names(pack)}
    assert len(found) > 150
    for rule in CUSTOM:
        assert found[rule.name]["Source"]["CustomPolicyDetails"]["PolicyText"] == rule.text
        assert found[rule.name]["Scope"] == {"ComplianceResourceTypes": ["AWS::EC2::LaunchTemplate"]}


def test_a_remediation_names_document_and_role_and_starts_by_hand(account: Account, template: dict[str, Any]) -> None:
    made = account.deploy("config", template)
    rule = rules(account)["eks-endpoint-no-public-access"]["ConfigRuleName"]
    found = account.client("config").describe_remediation_configurations(ConfigRuleNames=[rule])
    (one,) = found["RemediationConfigurations"]
    assert one["TargetId"] == made[next(i for i in made if "CloseEndpoint" in i)]
    role = one["Parameters"]["AutomationAssumeRole"]["StaticValue"]["Values"]
    arns = [one["Arn"] for one in account.client("iam").list_roles()["Roles"]]
    assert role[0] in arns
    assert one["Parameters"]["Cluster"] == {"ResourceValue": {"Value": "RESOURCE_ID"}}
    assert one["Automatic"] is False


@pytest.mark.parametrize("end", ["approved", "stopped"])
def test_a_pack_with_a_running_remediation_is_not_deleted(account: Account, template: dict[str, Any], end: str) -> None:
    account.deploy("config", template)
    config, ssm = account.client("config"), account.client("ssm")
    rule = rules(account)["eks-endpoint-no-public-access"]["ConfigRuleName"]
    cluster = {"resourceType": "AWS::EKS::Cluster", "resourceId": "payments"}
    config.start_remediation_execution(ConfigRuleName=rule, ResourceKeys=[cluster])
    (status,) = config.describe_remediation_execution_status(ConfigRuleName=rule)["RemediationExecutionStatuses"]
    assert (status["ResourceKey"], status["State"]) == (cluster, "IN_PROGRESS")
    with pytest.raises(StackFailed, match="ResourceInUseException"):
        account.delete("config")
    left = {one["ConformancePackName"] for one in config.describe_conformance_packs()["ConformancePackDetails"]}
    assert "hardened-eks-core" in left
    assert "eks-endpoint-no-public-access" in rules(account)
    (running,) = [
        one["AutomationExecutionId"]
        for one in ssm.describe_automation_executions()["AutomationExecutionMetadataList"]
        if one["AutomationExecutionStatus"] == "Waiting"
    ]
    if end == "approved":
        ssm.send_automation_signal(AutomationExecutionId=running, SignalType="Approve")
    else:
        ssm.stop_automation_execution(AutomationExecutionId=running)
    account.delete("config")
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []


def test_an_update_changes_the_rules(account: Account, template: dict[str, Any]) -> None:
    account.deploy("config", template)
    stack = cdk.Stack(cdk.App(), "Config", env=cdk.Environment(account=ACCOUNT, region=REGION))
    recorder = hardened.ConfigRecorder(stack, "Recorder")
    hardened.ConformancePacks(stack, "Packs", recorder=recorder, tiers=["core"], framework="hipaa")
    fewer = dict(Template.from_stack(stack).to_json())
    account.deploy("config", fewer)
    assert set(rules(account)) == names(packs(fewer)["hardened-eks-core"])
    assert account.client("config").describe_configuration_aggregators()["ConfigurationAggregators"] == []


def test_nothing_is_left_of_a_deleted_stack(account: Account, template: dict[str, Any]) -> None:
    account.deploy("config", template)
    account.delete("config")
    config = account.client("config")
    assert rules(account) == {}
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []
    assert config.describe_organization_conformance_packs()["OrganizationConformancePacks"] == []
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []


def test_many_accounts(account: Account, template: dict[str, Any]) -> None:
    account.deploy("config", template)
    config = account.client("config")
    found = config.describe_organization_conformance_packs()["OrganizationConformancePacks"]
    assert {one["OrganizationConformancePackName"] for one in found} == {"all-core", "all-module", "all-account"}
    assert {tuple(one["ExcludedAccounts"]) for one in found} == {("210987654321",)}
    (aggregator,) = config.describe_configuration_aggregators()["ConfigurationAggregators"]
    (source,) = aggregator["AccountAggregationSources"]
    assert source["AccountIds"] == [ACCOUNT, "210987654321"]
    (agreed,) = config.describe_aggregation_authorizations()["AggregationAuthorizations"]
    assert agreed["AuthorizedAccountId"] == "210987654321"


def body(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Change the template of the core pack."""

    def mutate(template: dict[str, Any]) -> None:
        pack = packs(template)["hardened-eks-core"]
        inner = yaml.safe_load(pack["TemplateBody"])
        change(inner)
        pack["TemplateBody"] = yaml.safe_dump(inner, width=4096)

    return mutate


def no_recorder(template: dict[str, Any]) -> None:
    gone = {i for i, r in template["Resources"].items() if r["Type"] in {
        "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"}}  # fmt: skip
    for id_ in gone:
        del template["Resources"][id_]
    for one in template["Resources"].values():
        if set(one.get("DependsOn", ())) & gone:
            one["DependsOn"] = [i for i in one["DependsOn"] if i not in gone]


def many(inner: dict[str, Any]) -> None:
    one = inner["Resources"]["EksEndpointNoPublicAccess"]
    for n in range(50):
        inner["Resources"][f"R{n}"] = copy.deepcopy(one)
        inner["Resources"][f"R{n}"]["Properties"]["ConfigRuleName"] = f"r{n}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(no_recorder, "NoAvailableConfigurationRecorderException", id="no recorder"),
        pytest.param(body(many), "exceed the allowed limit of 130", id="too many rules"),
        pytest.param(
            body(lambda t: t["Resources"]["EksEndpointNoPublicAccess"]["Properties"]["Source"].update(
                SourceIdentifier="EC2_LAUNCH_TEMPLATE_TOKEN_HOP_LIMIT")),
            "is invalid in", id="a rule that is none",
        ),
        pytest.param(
            body(lambda t: t["Resources"]["EksClusterSupportedVersion"]["Properties"].pop("InputParameters")),
            "lacks oldestVersionSupported", id="a mandatory parameter",
        ),
        pytest.param(
            body(lambda t: t["Resources"]["CloseEndpointRemediation"].pop("DependsOn")), "comes before the rule",
            id="a remediation before its rule",
        ),
        pytest.param(
            body(lambda t: t["Resources"].update(Bucket={"Type": "AWS::S3::Bucket", "Properties": {}})),
            "not supported in a conformance pack", id="another type",
        ),
        pytest.param(
            lambda t: packs(t)["hardened-eks-core"].pop("ConformancePackInputParameters"), "do not fit",
            id="no values for its parameters",
        ),
        pytest.param(
            body(lambda t: t["Resources"].update(Long={"Type": "AWS::Config::ConfigRule", "Properties": {
                "Description": "x" * 60_000}})),
            "expected length 1 to 51200", id="too large",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_and_nothing_is_left(
    account: Account, template: dict[str, Any], change: Callable[[dict[str, Any]], Any], words: str
) -> None:
    wrong = copy.deepcopy(template)
    change(wrong)
    with pytest.raises(StackFailed, match=words):
        account.deploy("config", wrong)
    assert rules(account) == {}


def test_packs_of_several_constructs_come_one_after_the_other(account: Account) -> None:
    stack = cdk.Stack(cdk.App(), "Config", env=cdk.Environment(account=ACCOUNT, region=REGION))
    recorder = hardened.ConfigRecorder(stack, "Recorder")
    for prefix in ("bank", "clinic"):
        hardened.ConformancePacks(stack, prefix, recorder=recorder, tiers=["core", "module"], name_prefix=prefix)
    hardened.OrganizationConformancePacks(stack, "All", tiers=["core"])
    account.deploy("config", dict(Template.from_stack(stack).to_json()))
    made = account.client("config").describe_conformance_packs()["ConformancePackDetails"]
    assert {one["ConformancePackName"] for one in made} == {"bank-core", "bank-module", "clinic-core", "clinic-module"}


@pytest.mark.parametrize("type_", [PACK, "AWS::Config::OrganizationConformancePack"])
def test_packs_at_the_same_time_are_refused(account: Account, template: dict[str, Any], type_: str) -> None:
    hasty = copy.deepcopy(template)
    ids = [id_ for id_, one in hasty["Resources"].items() if one["Type"] == type_]
    assert len(ids) == 3
    for id_ in ids:
        one = hasty["Resources"][id_]
        one["DependsOn"] = [before for before in one.get("DependsOn", ()) if before not in ids]
    with pytest.raises(StackFailed, match="in progress. Try your request again later"):
        account.deploy("config", hasty)


def test_the_packs_are_those_of_the_region(account: Account, template: dict[str, Any]) -> None:
    """One rule that the Region lacks would fail the whole pack."""
    there = Account(account.url, region=FEWER)
    with pytest.raises(StackFailed, match=f"is invalid in {FEWER}"):
        there.deploy("config", template)
    there.delete("config")
    stack = cdk.Stack(cdk.App(), "Config", env=cdk.Environment(account=ACCOUNT, region=FEWER))
    hardened.ConformancePacks(stack, "Packs", recorder=hardened.ConfigRecorder(stack, "Recorder"))
    fitting = dict(Template.from_stack(stack).to_json())
    there.deploy("config", fitting)
    found = set(rules(there))
    assert found == {name for pack in packs(fitting).values() for name in names(pack)}
    assert found < {name for pack in packs(template).values() for name in names(pack)}


def test_a_second_pack_of_the_name_is_refused(account: Account, template: dict[str, Any]) -> None:
    account.deploy("config", template)
    again = copy.deepcopy(template)
    again["Resources"] = {i: r for i, r in again["Resources"].items() if "Recorder" not in i}
    for one in again["Resources"].values():
        one["DependsOn"] = [i for i in one.get("DependsOn", ()) if i in again["Resources"]]
    with pytest.raises(StackFailed, match="already exists"):
        account.deploy("again", again)
