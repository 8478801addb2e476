"""Conformance packs, remediations and aggregators: order, limits, bounded roles, and every mistake of a call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import botocore.session
import pytest
import yaml

import hardened_eks as hardened
from hardened_eks.conformance import packs
from hardened_eks.errors import ConfigurationError
from hardened_eks.governance._remedies import AUTOMATIONS
from hardened_eks.testing import assert_hardened
from tests.governance.built import ACCOUNT, REGION, kinds, of, rendered, stack, template
from tests.iam import Policies, Request, evaluate

PACK, REMEDIATION = "AWS::Config::ConformancePack", "AWS::Config::RemediationConfiguration"
LEAD = f"arn:aws:iam::{ACCOUNT}:role/lead"
FIXES = list(AUTOMATIONS)


@pytest.fixture(scope="module")
def app() -> cdk.App:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "governance")
    scope = cdk.Stack(app, "Governance", env=cdk.Environment(account=ACCOUNT, region=REGION))
    recorder = hardened.ConfigRecorder(scope, "Recorder")
    hardened.ConformancePacks(scope, "Packs", recorder=recorder, remediations=FIXES, approvers=[LEAD])
    return app


@pytest.fixture(scope="module")
def made(app: cdk.App) -> dict[str, Any]:
    scope = app.node.find_child("Governance")
    assert isinstance(scope, cdk.Stack)
    return template(scope)


def packs_in(found: dict[str, Any], type_: str = PACK) -> dict[str, dict[str, Any]]:
    return {i: r for i, r in found["Resources"].items() if r["Type"] == type_}


def test_the_packs_are_those_of_the_command_line(made: dict[str, Any]) -> None:
    fixes = [one.remedy for one in AUTOMATIONS.values()]
    expected = {pack.name: pack.text for pack in packs(region=REGION, fixes=fixes).packs}
    bodies = [one["Properties"] for one in packs_in(made).values()]
    assert {one["ConformancePackName"]: one["TemplateBody"] for one in bodies} == expected
    assert set(expected) == {"hardened-eks-core", "hardened-eks-module", "hardened-eks-account"}


def test_each_pack_waits_for_the_one_before_and_the_first_for_the_recorder(made: dict[str, Any]) -> None:
    waits = {i: set(r.get("DependsOn", ())) for i, r in packs_in(made).items()}
    (first,) = (i for i, others in waits.items() if not others & set(waits))
    recorder = {i for i, r in made["Resources"].items() if r["Type"] in {
        "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"}}  # fmt: skip
    assert waits.pop(first) == recorder
    assert len({next(iter(others)) for others in waits.values()}) == len(waits) == 2


def test_a_pack_gets_the_values_of_its_parameters_and_none_else(made: dict[str, Any]) -> None:
    for pack in packs_in(made).values():
        asked = yaml.safe_load(pack["Properties"]["TemplateBody"]).get("Parameters", {})
        given = {one["ParameterName"]: one["ParameterValue"] for one in pack["Properties"].get(
            "ConformancePackInputParameters", ())}  # fmt: skip
        assert set(given) == set(asked)
        for name, value in given.items():
            id_ = value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]
            type_ = "AWS::IAM::Role" if name == "RemediationRole" else "AWS::SSM::Document"
            assert made["Resources"][id_]["Type"] == type_


def test_nothing_starts_by_itself(made: dict[str, Any]) -> None:
    entries = [
        e
        for p in packs_in(made).values()
        for e in yaml.safe_load(p["Properties"]["TemplateBody"])["Resources"].values()
    ]
    found = [one["Properties"] for one in entries if one["Type"] == REMEDIATION]
    assert {one["ConfigRuleName"] for one in found} == {
        one.remedy.identifier.lower().replace("_", "-") for one in AUTOMATIONS.values()
    }
    assert [one["Automatic"] for one in found] == [False] * 4
    for document in packs_in(made, "AWS::SSM::Document").values():
        assert document["Properties"]["Content"]["mainSteps"][0] | {"inputs": {}} == {
            "name": "Approve", "action": "aws:approve", "timeoutSeconds": 86_400, "onFailure": "Abort", "inputs": {},
        }  # fmt: skip
        assert document["Properties"]["Content"]["mainSteps"][0]["inputs"]["Approvers"] == [LEAD]


@pytest.mark.parametrize("fix", FIXES)
def test_the_call_is_one_that_aws_has(fix: str) -> None:
    automation = AUTOMATIONS[fix]
    document = automation.document([])
    calls = [step["inputs"] for step in document["mainSteps"] if step["action"] != "aws:executeScript"]
    assert calls[0]["Api"] == automation.api
    for call in calls:
        operation = botocore.session.get_session().get_service_model(call["Service"]).operation_model(call["Api"])
        given = {k: v for k, v in call.items() if k not in {"Service", "Api", "PropertySelector", "DesiredValues"}}
        fits(given, operation.input_shape)
        required = set(operation.input_shape.required_members) if operation.input_shape else set()
        assert required <= set(given)
    used = set(re.findall(r"{{ (\w+) }}", json.dumps(document)))
    steps = {step["name"]: [one["Name"] for one in step.get("outputs", ())] for step in document["mainSteps"]}
    for step, output in re.findall(r"{{ (\w+)\.(\w+) }}", json.dumps(document)):
        assert output in steps[step]
    assert used == set(document["parameters"])
    remedy = automation.remedy
    assert set(document["parameters"]) == {"AutomationAssumeRole"} | ({remedy.parameter} if remedy.parameter else set())


def fits(value: Any, shape: Any) -> None:
    if isinstance(value, dict):
        for name, one in value.items():
            assert name in shape.members, name
            fits(one, shape.members[name])
    elif isinstance(value, list):
        for one in value:
            fits(one, shape.member)
            assert not getattr(shape.member, "enum", ()) or one in shape.member.enum
    else:
        assert shape.type_name == {bool: "boolean", str: "string"}[type(value)]


def test_an_update_that_fails_fails_the_automation() -> None:
    *_, change, wait = AUTOMATIONS["close-endpoint"].document([])["mainSteps"]
    shape = botocore.session.get_session().get_service_model("eks").operation_model("UpdateClusterConfig").output_shape
    assert change["outputs"] == [{"Name": "UpdateId", "Selector": "$.update.id", "Type": "String"}]
    assert "id" in shape.members["update"].members
    assert wait["inputs"]["DesiredValues"] == ["Successful"]


@pytest.mark.parametrize(("found", "name"), [
    ("payments", "payments"),
    (f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments", "payments"),
    (f"arn:aws-cn:eks:cn-north-1:{ACCOUNT}:cluster/pay_ments-1", "pay_ments-1"),
    ("pay;ments", None),
    (f"arn:aws:eks:{REGION}:{ACCOUNT}:nodegroup/payments", None),
    ("", None),
])  # fmt: skip
def test_a_cluster_is_told_by_name_or_arn(found: str, name: str | None) -> None:
    automation = AUTOMATIONS["close-endpoint"]
    matches = re.fullmatch(automation.parameters["Cluster"]["allowedPattern"], found)
    assert (matches is not None) is (name is not None)
    step = automation.document([])["mainSteps"][0]["inputs"]
    space: dict[str, Any] = {}
    exec(step["Script"], space)
    if name is not None:
        assert space[step["Handler"]]({"Cluster": found}, None) == {"Name": name}


@pytest.mark.parametrize("key", [
    "1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab",
    f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
])  # fmt: skip
def test_a_key_is_told_by_id_or_arn(key: str) -> None:
    assert re.fullmatch(AUTOMATIONS["rotate-key"].parameters["KeyId"]["allowedPattern"], key)


def policy_of(made: dict[str, Any]) -> Any:
    return rendered(of(made, "AWS::IAM::ManagedPolicy", "RemediationRolePolicy")["Properties"]["PolicyDocument"])


CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
LOGS = {f"eks:loggingType/{one}": "true" for one in ("api", "audit", "authenticator", "controllerManager", "scheduler")}


@pytest.mark.parametrize(("action", "resource", "context", "expected"), [
    ("eks:UpdateClusterConfig", CLUSTER, {"eks:endpointPublicAccess": "false", "eks:endpointPrivateAccess": "true"}, True),
    ("eks:UpdateClusterConfig", CLUSTER, {"eks:endpointPublicAccess": "true", "eks:endpointPrivateAccess": "true"}, False),
    ("eks:UpdateClusterConfig", CLUSTER, LOGS, True),
    ("eks:UpdateClusterConfig", CLUSTER, LOGS | {"eks:loggingType/audit": "false"}, False),
    ("eks:UpdateClusterConfig", CLUSTER, {}, False),
    ("eks:UpdateClusterConfig", CLUSTER.replace(ACCOUNT, "999988887777"), LOGS, False),
    ("eks:DescribeUpdate", CLUSTER, {}, True),
    ("eks:DeleteCluster", CLUSTER, {}, False),
    ("eks:CreateAccessEntry", CLUSTER, {}, False),
    ("kms:EnableKeyRotation", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1", {}, True),
    ("kms:DisableKeyRotation", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1", {}, False),
    ("kms:PutKeyPolicy", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1", {}, False),
    ("ec2:EnableEbsEncryptionByDefault", "*", {}, True),
    ("ec2:DisableEbsEncryptionByDefault", "*", {}, False),
    ("iam:PassRole", "*", {}, False),
])  # fmt: skip
def test_what_the_role_may(
    made: dict[str, Any], action: str, resource: str, context: dict[str, str], expected: bool
) -> None:
    request = Request(action=action, resource=resource, context=context)
    assert bool(evaluate(request, Policies(identity=[policy_of(made)]))) is expected


def test_who_takes_the_role(made: dict[str, Any]) -> None:
    trust = rendered(of(made, "AWS::IAM::Role", "RemediationRole")["Properties"]["AssumeRolePolicyDocument"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ssm:{REGION}:{ACCOUNT}:automation-execution/*"},
    }


def test_one_remediation_has_a_role_for_it_alone() -> None:
    scope = stack()
    made = hardened.ConformancePacks(
        scope, "Packs", recorder="existing", remediations=["rotate-key"], tiers=["core"], name_prefix="clinic"
    )
    found = template(scope)
    assert [one["Action"] for one in policy_of(found)["Statement"]] == ["kms:EnableKeyRotation"]
    assert len(packs_in(found, "AWS::SSM::Document")) == 1
    (pack,) = packs_in(found).values()
    assert pack["Properties"]["ConformancePackName"] == "clinic-core"
    assert "DependsOn" not in pack
    assert "REQUIRED_TAGS" in made.left_out
    assert len(made.resources) == 1


def test_our_checks_find_nothing(app: cdk.App) -> None:
    outcome = assert_hardened(app, scope="all")
    examined = {control.id for control, number in outcome.examined.items() if number}
    assert {"DT-11", "DT-12"} <= examined


def test_every_account_of_an_organization() -> None:
    scope = cdk.Stack(cdk.App(), "Management", env=cdk.Environment(account=ACCOUNT, region="eu-central-1"))
    hardened.OrganizationConformancePacks(
        scope, "Packs", excluded_accounts=["210987654321"], framework="pci-dss-4.0.1", tiers=["core", "account"],
        delivery_bucket_name="awsconfigconforms-files",
    )  # fmt: skip
    found = packs_in(template(scope), "AWS::Config::OrganizationConformancePack")
    core, account = found.values()
    assert core["Properties"]["OrganizationConformancePackName"] == "hardened-eks-core"
    assert core["Properties"]["ExcludedAccounts"] == ["210987654321"]
    assert core["Properties"]["DeliveryS3Bucket"] == "awsconfigconforms-files"
    assert account["DependsOn"] == [next(iter(found))]
    expected = packs(region="eu-central-1", framework="pci-dss-4.0.1", tiers=["core"]).packs[0].text
    assert core["Properties"]["TemplateBody"] == expected


def test_aggregators() -> None:
    scope = stack()
    hardened.ConfigAggregator(scope, "All", organization=True)
    hardened.ConfigAggregator(scope, "Two", accounts=["210987654321"], name="two")
    hardened.AggregationAuthorization(scope, "Agreed", account="210987654321", region="eu-central-1")
    found = template(scope)
    all_, two = packs_in(found, "AWS::Config::ConfigurationAggregator").values()
    source = all_["Properties"]["OrganizationAggregationSource"]
    role = found["Resources"][source.pop("RoleArn")["Fn::GetAtt"][0]]["Properties"]
    assert source == {"AllAwsRegions": True}
    assert rendered(role["ManagedPolicyArns"]) == ["arn:aws:iam::aws:policy/service-role/AWSConfigRoleForOrganizations"]
    assert rendered(role["AssumeRolePolicyDocument"])["Statement"][0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT}
    }
    assert two["Properties"]["AccountAggregationSources"] == [{"AccountIds": ["210987654321"], "AllAwsRegions": True}]
    agreed = of(found, "AWS::Config::AggregationAuthorization")["Properties"]
    assert (agreed["AuthorizedAccountId"], agreed["AuthorizedAwsRegion"]) == ("210987654321", "eu-central-1")
    assert kinds(found) >= {"AWS::IAM::Role"}


def problems(call: Any, scope: cdk.Stack) -> Iterator[str]:
    with pytest.raises(ConfigurationError) as caught:
        call()
    assert scope.node.children == []
    return iter(caught.value.problems)


def test_fails_with_every_mistake_of_packs() -> None:
    scope = stack()
    found = problems(
        lambda: hardened.ConformancePacks(
            scope, "Packs", recorder=None, tiers=["all"], framework="pci", parameters={"X": {"y": "1"}},
            remediations=["close-all", "rotate-key", "rotate-key"], approvers=["*"], name_prefix="1",
        ),
        scope,
    )  # fmt: skip
    expected = [
        "recorder needs the ConfigRecorder of this account and Region, or 'existing' if a landing zone created one",
        "remediations has 'close-all': use one of close-endpoint",
        "remediations names 'rotate-key' more than once",
        "approvers needs the ARN of a role or user",
        "name_prefix needs a letter",
        "tiers contains 'all'; use core, module, account",
        "unknown framework 'pci'; use one of bpg",
        "parameters names 'X', which is not a managed rule in the conformance packs; use an identifier such as ",
    ]
    for words, problem in zip(expected, found, strict=True):
        assert problem.startswith(words), problem


def test_fails_where_the_region_is_not_known_or_lacks_remediations() -> None:
    nowhere = cdk.Stack(cdk.App(), "Nowhere")
    (found,) = problems(lambda: hardened.ConformancePacks(nowhere, "Packs", recorder="existing"), nowhere)
    assert found.startswith("the stack's Region is not known, and not every Region has every rule: pass env=")
    scope = cdk.Stack(cdk.App(), "Mexico", env=cdk.Environment(account=ACCOUNT, region="mx-central-1"))
    (found,) = problems(
        lambda: hardened.ConformancePacks(scope, "Packs", recorder="existing", remediations=["close-endpoint"]), scope
    )
    assert found == (
        f"remediations needs {REMEDIATION}, which CloudFormation may not support in mx-central-1: leave them out"
    )


def test_fails_where_a_remediation_has_no_rule_and_approvers_nothing_to_approve() -> None:
    scope = stack()
    (found,) = problems(
        lambda: hardened.ConformancePacks(
            scope, "Packs", recorder="existing", tiers=["core"], remediations=["encrypt-volumes"]
        ),
        scope,
    )
    assert "EC2_EBS_ENCRYPTION_BY_DEFAULT, which no pack has (tiers or framework exclude it)" in found
    (found,) = problems(lambda: hardened.ConformancePacks(scope, "Packs", recorder="existing", approvers=[LEAD]), scope)
    assert found.startswith("approvers are only for remediations")


def test_fails_on_a_recorder_that_is_not_the_one() -> None:
    app = cdk.App()
    here = cdk.Stack(app, "Here", env=cdk.Environment(account=ACCOUNT, region=REGION))
    there = cdk.Stack(app, "There", env=cdk.Environment(account=ACCOUNT, region="eu-central-1"))
    recorder = hardened.ConfigRecorder(there, "Recorder", bucket_name="files")
    (found,) = problems(lambda: hardened.ConformancePacks(here, "Packs", recorder=recorder), here)
    assert found.startswith(f"recorder records {ACCOUNT} in eu-central-1, the packs are in {ACCOUNT}, {REGION}")
    with pytest.raises(ConfigurationError, match="There/Recorder: pass it"):
        hardened.ConformancePacks(there, "Packs", recorder="existing")
    beside = cdk.Stack(app, "Beside", env=cdk.Environment(account=ACCOUNT, region="eu-central-1"))
    hardened.ConformancePacks(beside, "Packs", recorder=recorder, tiers=["module"])
    assert [one.stack_name for one in beside.dependencies] == ["There"]


def test_fails_with_every_mistake_of_organizations_and_aggregators() -> None:
    scope = stack()
    found = problems(
        lambda: hardened.OrganizationConformancePacks(
            scope, "Packs", excluded_accounts=["12", "12", 123456789012], delivery_bucket_name="files", framework="pci"
        ),
        scope,
    )
    expected = ["excluded_accounts names '12' more than once", "excluded_accounts needs IDs of accounts",
                "excluded_accounts needs IDs of accounts", "excluded_accounts needs IDs of accounts",
                "delivery_bucket_name needs the name of a bucket that begins with awsconfigconforms", "unknown framework"]  # fmt: skip
    for words, problem in zip(expected, found, strict=True):
        assert problem.startswith(words)
    (many,) = problems(
        lambda: hardened.OrganizationConformancePacks(scope, "P", excluded_accounts=[f"{n:012}" for n in range(1001)]),
        scope,
    )
    assert many == "excluded_accounts needs 0 to 1000 accounts, got 1001"
    for arguments in ({}, {"organization": True, "accounts": ["210987654321"]}):
        (both,) = problems(lambda a=arguments: hardened.ConfigAggregator(scope, "All", **a), scope)
        assert both.startswith("an aggregator has an organization or accounts as its source")
    found = problems(
        lambda: hardened.ConfigAggregator(scope, "All", organization="yes", accounts="x", name="a b"),  # type: ignore[arg-type]
        scope,
    )
    assert [one.split(" ")[0] for one in found] == ["organization", "accounts", "an", "name"]
    found = problems(lambda: hardened.AggregationAuthorization(scope, "Agreed", account="1", region="nowhere"), scope)
    assert [one.split(" ")[0] for one in found] == ["account", "region"]


def test_a_region_that_the_list_does_not_name_is_warned_of() -> None:
    scope = cdk.Stack(cdk.App(), "Iso", env=cdk.Environment(account=ACCOUNT, region="us-iso-east-1"))
    hardened.ConformancePacks(scope, "Packs", recorder="existing", tiers=["module"])
    cdk.assertions.Annotations.from_stack(scope).has_warning(
        "*", cdk.assertions.Match.string_like_regexp("the list of managed rules lacks us-iso-east-1")
    )
