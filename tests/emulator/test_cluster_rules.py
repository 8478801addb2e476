"""Config rules about clusters, as CloudFormation makes them, and the function as AWS Lambda runs it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from hardened_eks.data.cluster_rules import GROUP, RULES
from hardened_eks.governance._rules_code import CODE
from tests.config_rules.built import GOOD, cluster, owned, pod, policy, space
from tests.emulator.config_calls import call, event_of, ids, kubernetes, rules_function, upload, verdicts
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.observing import Inbox, drain, eventually
from tests.emulator.service import ACCOUNT, REGION
from tests.sources.kubernetes.server import status

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
RULE, PERMISSION = "AWS::Config::ConfigRule", "AWS::Lambda::Permission"
OBJECTS = cluster(
    pods=[
        pod("web-5f-x", metadata=owned("ReplicaSet", "web-5f", "5f")),
        pod("bad", "payments", {**GOOD, "securityContext": {}}),
        pod("hub", "payments", {**GOOD, "image": "nginx"}),
    ],
    spaces=[space("payments"), space("open"), space("kube-system")],
    policies=[policy("payments")],
)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    app = cdk.App()
    stack = cdk.Stack(app, "Rules", env=cdk.Environment(account=ACCOUNT, region=REGION))
    made = hardened.Cluster(stack, "Cluster", version="1.36", name="prod")
    hardened.ClusterRules(
        stack,
        "Rules",
        clusters=[made],
        registries=[REGISTRY],
        alerts=hardened.alerts.Topic(stack, "Alerts"),
        recorder=hardened.ConfigRecorder(stack, "Recorder"),
    )
    found: dict[str, Any] = app.synth().get_stack_by_name("Rules").template
    return found


def test_the_function_judges_the_cluster_and_tells_aws_config(
    account: Account, template: dict[str, Any], tmp_path: Path
) -> None:
    upload(account, template)
    made = account.deploy("Rules", template)
    rules = {one["ConfigRuleName"]: one for one in account.client("config").describe_config_rules()["ConfigRules"]}
    assert set(rules) == {one.name for one in RULES}
    entries = [
        account.client("eks").describe_access_entry(clusterName="prod", principalArn=arn)["accessEntry"]
        for arn in account.client("eks").list_access_entries(clusterName="prod")["accessEntries"]
    ]
    assert [entry["kubernetesGroups"] for entry in entries if entry["kubernetesGroups"]] == [[GROUP]]
    function = made[rules_function(template)]
    told = account.client("lambda").get_function_configuration(FunctionName=function)
    assert (told["Handler"], told["Runtime"], told["Timeout"]) == (CODE.handler, "python3.14", 900)
    with kubernetes(account, tmp_path, OBJECTS) as api:
        for one in RULES:
            done = call(account, function, rules[one.name])
            assert done["unread"] == [] and done["evaluations"] > 0
        assert {asked.headers["authorization"][:18] for asked in api.asked} == {"Bearer k8s-aws-v1."}
    ids_ = {kind: f"prod/payments/{kind}" for kind in ("Deployment/web", "Pod/bad", "Pod/hub")}
    assert verdicts(account, "eks-netPolCheck-rule") == {
        "prod": "NON_COMPLIANT",
        "prod/payments/Namespace/payments": "COMPLIANT",
        "prod/open/Namespace/open": "NON_COMPLIANT",
    }
    assert verdicts(account, "eks-privEscalation-rule") == {
        "prod": "NON_COMPLIANT", ids_["Deployment/web"]: "COMPLIANT", ids_["Pod/bad"]: "NON_COMPLIANT",
        ids_["Pod/hub"]: "COMPLIANT",
    }  # fmt: skip
    assert verdicts(account, "eks-trustedRegCheck-rule") == {
        "prod": "NON_COMPLIANT", ids_["Deployment/web"]: "COMPLIANT", ids_["Pod/bad"]: "COMPLIANT",
        ids_["Pod/hub"]: "NON_COMPLIANT",
    }  # fmt: skip
    for name in ("eks-authModeCheck-rule", "eks-deletionProtection-rule", "eks-supportType-rule"):
        assert verdicts(account, name) == {"prod": "COMPLIANT"}
    forbidden = tmp_path / "again"
    forbidden.mkdir()
    with kubernetes(account, forbidden, lambda _: status(404, "not here")):
        assert call(account, function, rules["eks-privEscalation-rule"])["unread"] == ["prod"]
    assert verdicts(account, "eks-privEscalation-rule") == {ids_["Pod/bad"]: "NON_COMPLIANT"}


def test_a_call_that_fails_three_times_is_kept_and_told(account: Account, template: dict[str, Any]) -> None:
    """AWS Config calls and does not wait, so that nobody else would notice."""
    upload(account, template)
    made = account.deploy("Rules", template)
    (topic,) = [one["TopicArn"] for one in account.client("sns").list_topics()["Topics"]]
    inbox = Inbox(account, topic)
    (rule,) = account.client("config").describe_config_rules(ConfigRuleNames=["eks-authModeCheck-rule"])["ConfigRules"]
    account.client("lambda").invoke(
        FunctionName=made[rules_function(template)],
        InvocationType="Event",
        Payload=json.dumps({**event_of(rule), "resultToken": "of no rule"}).encode(),
    )
    (message,) = eventually(lambda: inbox.saying("Call of a Config rule lost"))
    (queue,) = ids(template, "AWS::SQS::Queue", "Rules")
    assert "waits in the queue" in message
    (kept,) = drain(account.client("sqs"), made[queue])
    assert json.loads(kept)["requestPayload"]["resultToken"] == "of no rule"
    alarm = made[ids(template, "AWS::CloudWatch::Alarm", "Lost")[0]]
    (found,) = account.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    assert (found["StateValue"], found["AlarmActions"]) == ("ALARM", [topic])


def test_the_function_reaches_what_it_calls(account: Account, template: dict[str, Any]) -> None:
    """In a network without a way out, a missing endpoint is a call that never ends, and a rule without a verdict."""
    upload(account, template)
    made = account.deploy("Rules", template)
    ec2 = account.client("ec2")
    told = account.client("lambda").get_function_configuration(FunctionName=made[rules_function(template)])["VpcConfig"]
    (group,) = ec2.describe_security_groups(GroupIds=told["SecurityGroupIds"])["SecurityGroups"]
    endpoints = {
        one["ServiceName"].removeprefix(f"com.amazonaws.{REGION}."): one
        for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if one["VpcId"] == group["VpcId"]
    }
    assert {"config", "eks", "sts", "logs"} <= set(endpoints)
    outward = {pair["GroupId"] for rule in group["IpPermissionsEgress"] for pair in rule["UserIdGroupPairs"]}
    for name in ("config", "eks", "sts"):
        (guard,) = [one["GroupId"] for one in endpoints[name]["Groups"]]
        assert guard in outward
        (rules,) = ec2.describe_security_groups(GroupIds=[guard])["SecurityGroups"]
        admitted = {pair["GroupId"] for rule in rules["IpPermissions"] for pair in rule["UserIdGroupPairs"]}
        assert group["GroupId"] in admitted


def test_an_evaluation_of_a_type_that_aws_config_does_not_know_is_refused(
    account: Account, template: dict[str, Any]
) -> None:
    upload(account, template)
    account.deploy("Rules", template)
    config = account.client("config")
    one = {"ComplianceResourceType": "AWS::EKS::Pod", "ComplianceResourceId": "prod", "ComplianceType": "COMPLIANT",
           "OrderingTimestamp": 0}  # fmt: skip
    with pytest.raises(config.exceptions.InvalidParameterValueException, match="AWS::EKS::Pod is invalid"):
        config.put_evaluations(ResultToken="eks-netPolCheck-rule", Evaluations=[one])


def test_an_update_changes_parameters_and_what_is_taken_out_leaves_nothing(
    account: Account, template: dict[str, Any]
) -> None:
    upload(account, template)
    before = account.deploy("Rules", template)
    wider = copy.deepcopy(template)
    (registries,) = ids(wider, RULE, "TrustedRegistries")
    wider["Resources"][registries]["Properties"]["InputParameters"]["trusted_registries"] = "quay.io/team"
    assert account.deploy("Rules", wider) == before
    (rule,) = account.client("config").describe_config_rules(ConfigRuleNames=["eks-trustedRegCheck-rule"])[
        "ConfigRules"
    ]
    assert json.loads(rule["InputParameters"])["trusted_registries"] == "quay.io/team"
    gone = copy.deepcopy(wider)
    for id_ in [i for i in gone["Resources"] if i.startswith("Rules")]:
        del gone["Resources"][id_]
    account.deploy("Rules", gone)
    assert account.client("config").describe_config_rules()["ConfigRules"] == []
    entries = account.client("eks").list_access_entries(clusterName="prod")["accessEntries"]
    assert not [arn for arn in entries if "RulesFunction" in arn]
    functions = account.client("lambda").list_functions()["Functions"]
    assert not [one for one in functions if one["Handler"] == CODE.handler]


def without(*types: str, part: str = "") -> Callable[[dict[str, Any]], None]:
    """Leave resources out, and the waiting for them."""

    def change(template: dict[str, Any]) -> None:
        gone = [id_ for type_ in types for id_ in ids(template, type_, part)]
        assert gone
        for id_ in gone:
            del template["Resources"][id_]
        for resource in template["Resources"].values():
            if isinstance(resource.get("DependsOn"), list):
                resource["DependsOn"] = [i for i in resource["DependsOn"] if i not in gone]

    return change


def admits(**properties: Any) -> Callable[[dict[str, Any]], None]:
    def change(template: dict[str, Any]) -> None:
        (id_,) = ids(template, PERMISSION, "Rules")
        found = template["Resources"][id_]["Properties"]
        del found["SourceAccount"]
        found.update(properties)

    return change


def hasty(template: dict[str, Any]) -> None:
    """Let no rule wait for the permission; CloudFormation may then create it before."""
    (permission,) = ids(template, PERMISSION, "Rules")
    for id_ in ids(template, RULE):
        template["Resources"][id_]["DependsOn"].remove(permission)


def too_many_registries(template: dict[str, Any]) -> None:
    (id_,) = ids(template, RULE, "TrustedRegistries")
    template["Resources"][id_]["Properties"]["InputParameters"]["trusted_registries"] = "a.example/" * 110


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(without(PERMISSION, part="Rules"), "cannot be invoked", id="no permission"),
        pytest.param(admits(), "cannot be invoked", id="a permission for every account"),
        pytest.param(admits(SourceAccount="111122223333"), "cannot be invoked", id="for another account"),
        pytest.param(
            without("AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"),
            "no configuration recorders available",
            id="no recorder",
        ),
        pytest.param(hasty, "cannot be invoked", id="a rule beside the permission"),
        pytest.param(too_many_registries, "less than or equal to 1024", id="parameters too long"),
    ],
)
def test_a_mistake_is_refused(
    account: Account, template: dict[str, Any], change: Callable[[dict[str, Any]], None], words: str
) -> None:
    wrong = copy.deepcopy(template)
    change(wrong)
    upload(account, template)
    with pytest.raises(StackFailed, match=words):
        account.deploy("Rules", wrong)
    assert account.client("config").describe_config_rules()["ConfigRules"] == []
