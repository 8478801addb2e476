"""Config rules about clusters, as CloudFormation makes them, and the function as AWS Lambda runs it."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import boto3
import pytest
from botocore.config import Config

import hardened_eks as hardened
from hardened_eks.data.cluster_rules import GROUP, RULES
from hardened_eks.governance._rules_code import CODE
from tests.config_rules.built import GOOD, cluster, owned, pod, policy, space
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION
from tests.sources.kubernetes.server import Answers, RecordedApi, make_certificates, serving, status

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
RULE, FUNCTION, PERMISSION = "AWS::Config::ConfigRule", "AWS::Lambda::Function", "AWS::Lambda::Permission"
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


def ids(template: dict[str, Any], type_: str, part: str = "") -> list[str]:
    return [i for i, r in template["Resources"].items() if r["Type"] == type_ and part in i]


def rules_function(template: dict[str, Any]) -> str:
    return ids(template, FUNCTION, "Rules")[0]


def upload(account: Account, template: dict[str, Any]) -> None:
    """Put the code where `cdk deploy` puts assets."""
    code = template["Resources"][rules_function(template)]["Properties"]["Code"]
    s3 = boto3.client(
        "s3", endpoint_url=account.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    s3.create_bucket(Bucket=code["S3Bucket"])
    s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=CODE.archive())


@contextmanager
def kubernetes(account: Account, directory: Path, answers: Answers) -> Iterator[RecordedApi]:
    """Serve as the Kubernetes API of the cluster prod."""
    with serving(make_certificates(directory, "IP:127.0.0.1"), answers) as api:
        told = {"endpoint": api.url, "authority": base64.b64encode(api.authority.encode()).decode()}
        account.client("ssm").put_parameter(
            Name="/emulator/kubernetes/prod", Value=json.dumps(told), Type="String", Overwrite=True
        )
        yield api


def call(account: Account, function: str, rule: dict[str, Any]) -> dict[str, Any]:
    """Call the function as AWS Config does; its result token is the rule's name here."""
    notice = {"messageType": "ScheduledNotification", "notificationCreationTime": "2026-11-29T03:00:00.000Z"}
    event = {
        "configRuleName": rule["ConfigRuleName"],
        "invokingEvent": json.dumps({**notice, "awsAccountId": ACCOUNT}),
        "ruleParameters": rule["InputParameters"],
        "resultToken": rule["ConfigRuleName"],
        "eventLeftScope": False,
        "accountId": ACCOUNT,
    }
    answer = account.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload


def verdicts(account: Account, rule: str) -> dict[str, str]:
    api = account.client("config")
    found = api.get_compliance_details_by_config_rule(ConfigRuleName=rule, Limit=100)["EvaluationResults"]
    return {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
        for one in found
    }


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


def without(type_: str, part: str = "") -> Callable[[dict[str, Any]], None]:
    """Leave a resource out, and the waiting for it."""

    def change(template: dict[str, Any]) -> None:
        gone = ids(template, type_, part)
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


def too_many_registries(template: dict[str, Any]) -> None:
    (id_,) = ids(template, RULE, "TrustedRegistries")
    template["Resources"][id_]["Properties"]["InputParameters"]["trusted_registries"] = "a.example/" * 110


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(without(PERMISSION, "Rules"), "cannot be invoked", id="no permission"),
        pytest.param(admits(), "cannot be invoked", id="a permission for every account"),
        pytest.param(admits(SourceAccount="111122223333"), "cannot be invoked", id="for another account"),
        pytest.param(
            without("AWS::Config::ConfigurationRecorder"), "no configuration recorders available", id="no recorder"
        ),
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
