"""The Config rules about what runs in clusters: what is created, who may do what, and every mistake of a call."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from app import packs
from hardened_eks import _code
from hardened_eks._functions import RUNTIME
from hardened_eks.config_rules.handler import run
from hardened_eks.controls import CATALOGUE
from hardened_eks.data.lambda_runtimes import UNTIL
from hardened_eks.data.cluster_rules import CLUSTERS, GROUP, RULES
from hardened_eks.errors import ConfigurationError
from hardened_eks.governance._rules_code import CODE
from hardened_eks.governance._rules_alarms import UNREADABLE
from tests.linting import lint
from tests.config_rules.built import FakeConfig, FakeEks, around, event
from tests.detections.metric_filters import matches
from tests.governance.built import ACCOUNT, REGION, of, rendered
from tests.iam import Policies, Request, evaluate

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
RULE, FUNCTION = "AWS::Config::ConfigRule", "AWS::Lambda::Function"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/prod"
ENVIRONMENT = cdk.Environment(account=ACCOUNT, region=REGION)
SIGNED = {
    "bucket_name": "signed-code",
    "key": "signed/code.zip",
    "version": "v1",
    "config_arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:code-signing-config:csc-0123456789abcdef0",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with a cluster and its rules, judged by our checks and by every pack."""
    directory: Path = tmp_path_factory.mktemp("out")
    app = cdk.App(outdir=str(directory), context={"hardened-eks:dns_firewall": "block"})
    cdk.Tags.of(app).add("application", "payments")
    cluster = hardened.Cluster(cdk.Stack(app, "Cluster", env=ENVIRONMENT), "Cluster", version="1.36", name="prod")
    stack = cdk.Stack(app, "Rules", env=ENVIRONMENT)
    hardened.ClusterRules(
        stack,
        "Rules",
        clusters=[cluster],
        registries=[REGISTRY, "quay.io/team/"],
        alerts=hardened.alerts.Topic(stack, "Alerts"),
        recorder=hardened.ConfigRecorder(stack, "Recorder", bucket_name="org-config"),
    )
    cdk.Validations.of(app).add_plugins(hardened.Checks(), *packs())
    app.synth()  # or it raises with what they found
    return directory


@pytest.fixture(scope="module")
def template(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "Rules.template.json").read_text())
    return found


def rules(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = (r for r in template["Resources"].values() if r["Type"] == RULE)
    return {one["Properties"]["ConfigRuleName"]: one for one in found}


def test_cfn_lint_finds_nothing(out: Path) -> None:
    assert lint(out / "Rules.template.json") == (0, "")


class TestRules:
    def test_each_runs_once_a_day_under_its_name(self, template: dict[str, Any]) -> None:
        assert set(rules(template)) == {
            "eks-netPolCheck-rule", "eks-privEscalation-rule", "eks-trustedRegCheck-rule", "eks-authModeCheck-rule",
            "eks-deletionProtection-rule", "eks-supportType-rule",
        }  # fmt: skip
        function = next(i for i, r in template["Resources"].items() if r["Type"] == FUNCTION)
        details = {
            "EventSource": "aws.config",
            "MessageType": "ScheduledNotification",
            "MaximumExecutionFrequency": "TwentyFour_Hours",
        }
        for rule in rules(template).values():
            assert rule["Properties"]["Source"] == {
                "Owner": "CUSTOM_LAMBDA",
                "SourceIdentifier": {"Fn::GetAtt": [function, "Arn"]},
                "SourceDetails": [details],
            }

    def test_they_hand_over_what_the_function_reads(self, template: dict[str, Any]) -> None:
        """Each rule's own parameters, through the function: it judges, and by the control that the rule names."""
        controls = {control.id for control in CATALOGUE}
        for one in RULES:
            properties = rules(template)[one.name]["Properties"]
            assert one.control in controls and properties["Description"].startswith(f"{one.control}: ")
            called = {**event("x"), "ruleParameters": json.dumps(properties["InputParameters"])}
            done = run(called, around(FakeConfig(), FakeEks(prod={"status": "CREATING"}))[0])
            assert done["unread"] == ["prod"]

    def test_parameters(self, template: dict[str, Any]) -> None:
        exempt = "amazon-guardduty,kube-node-lease,kube-public,kube-system"
        assert [rules(template)[one.name]["Properties"]["InputParameters"] for one in RULES[:4]] == [
            {"check": "network-policies", "exempt_namespaces": exempt},
            {"check": "privilege-escalation", "exempt_namespaces": exempt},
            {
                "check": "trusted-registries",
                "exempt_namespaces": exempt,
                "trusted_registries": f"{REGISTRY},quay.io/team/",
            },
            {"check": "authentication-mode"},
        ]

    def test_they_wait_for_permission_access_way_and_recorder(self, template: dict[str, Any]) -> None:
        """AWS Config calls the function as soon as a rule exists."""
        kinds = {template["Resources"][name]["Type"] for name in rules(template)["eks-supportType-rule"]["DependsOn"]}
        assert kinds == {
            "AWS::Lambda::Permission", "AWS::EKS::AccessEntry", "AWS::EC2::SecurityGroupIngress",
            "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel",
        }  # fmt: skip


class TestAccess:
    def test_the_entry_gives_a_group_and_no_policy(self, template: dict[str, Any]) -> None:
        entry = of(template, "AWS::EKS::AccessEntry")["Properties"]
        assert entry["KubernetesGroups"] == [GROUP]
        assert entry["Type"] == "STANDARD"
        assert "AccessPolicies" not in entry and "Username" not in entry
        role = next(i for i, r in template["Resources"].items() if r["Type"] == "AWS::IAM::Role" and "Function" in i)
        assert entry["PrincipalArn"] == {"Fn::GetAtt": [role, "Arn"]}

    def test_aws_config_of_this_account_alone_calls_it(self, template: dict[str, Any]) -> None:
        permission = of(template, "AWS::Lambda::Permission")["Properties"]
        assert permission["Principal"] == "config.amazonaws.com"
        assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"} or permission["SourceAccount"] == ACCOUNT
        assert permission["Action"] == "lambda:InvokeFunction"

    @pytest.mark.parametrize(("action", "resource", "allowed"), [
        ("config:PutEvaluations", "*", True),
        ("config:GetComplianceDetailsByConfigRule", f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-1", True),
        ("config:DeleteEvaluationResults", f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-1", False),
        ("config:PutConfigRule", f"arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-1", False),
        ("eks:DescribeCluster", CLUSTER, True),
        ("eks:DescribeCluster", f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/other", False),
        ("eks:AccessKubernetesApi", CLUSTER, False),
        ("eks:UpdateClusterConfig", CLUSTER, False),
        ("secretsmanager:GetSecretValue", "*", False),
        ("sts:AssumeRole", "*", False),
    ])  # fmt: skip
    def test_what_the_role_may_do(self, template: dict[str, Any], action: str, resource: str, allowed: bool) -> None:
        document = rendered(
            of(template, "AWS::IAM::ManagedPolicy", "FunctionRolePolicy")["Properties"]["PolicyDocument"]
        )
        policy = json.loads(json.dumps(document), object_hook=_imported)
        request = Request(action=action, resource=resource, principal=f"arn:aws:iam::{ACCOUNT}:role/x", context={})
        assert bool(evaluate(request, Policies(identity=(policy,)))) is allowed

    def test_its_code_makes_no_interfaces(self, template: dict[str, Any]) -> None:
        statements = of(template, "AWS::IAM::ManagedPolicy", "FunctionRolePolicy")["Properties"]["PolicyDocument"][
            "Statement"
        ]
        (denied,) = [one for one in statements if one["Effect"] == "Deny"]
        assert "ec2:CreateNetworkInterface" in denied["Action"]

    def test_it_reaches_the_api_and_the_endpoints_on_https_alone(self, template: dict[str, Any], out: Path) -> None:
        (egress,) = of(template, "AWS::EC2::SecurityGroup")["Properties"]["SecurityGroupEgress"]
        assert (egress["FromPort"], egress["ToPort"]) == (443, 443)
        assert "DestinationSecurityGroupId" in egress
        more = of(template, "AWS::EC2::SecurityGroupEgress")["Properties"]
        assert (more["FromPort"], more["ToPort"], "CidrIp" in more) == (443, 443, False)
        api = of(template, "AWS::EC2::SecurityGroupIngress", "Api")["Properties"]
        assert (api["FromPort"], api["ToPort"]) == (443, 443)
        cluster = (out / "Cluster.template.json").read_text()
        for service in ("config", "eks", "sts"):
            assert f'".{service}"' in cluster

    def test_the_code_runs_where_the_nodes_are(self, template: dict[str, Any]) -> None:
        assert len(of(template, FUNCTION)["Properties"]["VpcConfig"]["SubnetIds"]) == 3


def _imported(value: dict[str, Any]) -> Any:
    """Stand an ARN in for what another stack exports."""
    return "arn:of:another:stack" if set(value) == {"Fn::ImportValue"} else value


class TestFunction:
    def test_it_is_encrypted_traced_limited_and_keeps_failures(self, template: dict[str, Any]) -> None:
        function = of(template, FUNCTION)["Properties"]
        assert function["KmsKeyArn"] and function["DeadLetterConfig"]["TargetArn"]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["ReservedConcurrentExecutions"] == 2
        assert function["Environment"] == {"Variables": {CLUSTERS: "prod"}}
        assert (function["Timeout"], function["MemorySize"]) == (900, 512)
        log = of(template, "AWS::Logs::LogGroup", "FunctionLog")["Properties"]
        assert log["RetentionInDays"] == 365 and log["KmsKeyId"]

    def test_its_runtime_is_one_that_lambda_patches(self) -> None:
        assert RUNTIME in UNTIL
        assert UNTIL[RUNTIME] == max(until for name, until in UNTIL.items() if name.startswith("python"))

    def test_its_code_is_what_is_shipped(self, template: dict[str, Any], out: Path) -> None:
        function = of(template, FUNCTION)["Properties"]
        assert function["Handler"] == CODE.handler
        (asset,) = out.glob("asset.*.zip")
        assert asset.read_bytes() == CODE.archive()


class TestCode:
    def test_it_is_small_and_the_same_each_time(self) -> None:
        _code._files.cache_clear()
        first = CODE.archive()
        _code._files.cache_clear()
        assert CODE.archive() == first
        assert len(first) < 650_000
        with zipfile.ZipFile(io.BytesIO(first)) as opened:
            infos = opened.infolist()
        assert [one.filename for one in infos] == sorted(one.filename for one in infos)
        assert {one.date_time for one in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.external_attr >> 16 for one in infos} == {0o644}

    def test_it_imports_nothing_that_is_not_there(self, tmp_path: Path) -> None:
        """In an interpreter of its own that has the archive and botocore, every rule judges what it is asked."""
        with zipfile.ZipFile(io.BytesIO(CODE.archive())) as opened:
            opened.extractall(tmp_path / "code")
        import botocore

        program = tmp_path / "run.py"
        program.write_text(_ALONE.format(code=str(tmp_path / "code"), site=str(Path(botocore.__file__).parents[1])))
        done = subprocess.run([sys.executable, "-I", "-S", program], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("judged\n", "")

    def test_no_part_is_there_for_nothing(self) -> None:
        paths = CODE.files()
        assert not [
            p for p in paths if p.startswith(("hardened_eks/cli", "hardened_eks/reports", "hardened_eks/cluster"))
        ]
        assert paths["hardened_eks/controls/__init__.py"] == paths["hardened_eks/__init__.py"] == b""
        assert paths["hardened_eks/evidence/__init__.py"]
        documents = {p.rpartition("/")[2] for p in paths if p.endswith(".json")}
        named = {
            "instance_regions.json",
            "instance_types.json",
            "instances_named.json",
        }  # by a view of launch templates
        assert documents == {"identifiers.json", "kubernetes.json", *named}

    def test_it_can_be_written_for_signing(self, tmp_path: Path) -> None:
        digest = hardened.ClusterRules.write_code(tmp_path / "code.zip")
        assert (tmp_path / "code.zip").read_bytes() == CODE.archive()
        assert digest == CODE.digest()


_ALONE = """\
import sys, time
sys.path[:0] = [{code!r}]
sys.path.append({site!r})
started = time.perf_counter()
import hardened_eks.config_rules.handler as handler
import hardened_eks.sources.kubernetes.token
assert hardened_eks.__file__.startswith({code!r})
assert not {{"aws_cdk", "jsii", "yaml", "click"}} & set(sys.modules)
from hardened_eks.config_rules.judging import Question
from hardened_eks.config_rules import spaces
from hardened_eks.data.cluster_rules import RULES
POD = {{"metadata": {{"name": "p", "namespace": "n"}}, "spec": {{"containers": [{{"name": "c", "image": "a.b/c"}}]}}}}
class Api:
    def fold(self, path, begin, take, **_):
        result = begin()
        take(result, [POD] if path.endswith("pods") else [])
        return result
    def all(self, path, **_):
        return [{{"metadata": {{"name": "n"}}}}]
FACTS = {{"accessConfig": {{"authenticationMode": "CONFIG_MAP"}}, "deletionProtection": False,
          "upgradePolicy": {{"supportType": "EXTENDED"}}}}
for rule in RULES:
    question = Question.of(rule.id, registries=("x.y/z",), exempt=("kube-system",))
    found = question.ask("prod", FACTS, Api)
    assert found[0].compliance == "NON_COMPLIANT", (rule.id, found)
print("judged")
"""


class TestAlarms:
    def test_who_is_told_of_what(self, template: dict[str, Any]) -> None:
        alarms = {i: r["Properties"] for i, r in template["Resources"].items() if r["Type"] == "AWS::CloudWatch::Alarm"}
        measured = {(a["MetricName"] if "Unreadable" not in str(a["MetricName"]) else "Unreadable", a["TreatMissingData"])
                    for a in alarms.values()}  # fmt: skip
        assert measured == {
            ("Errors", "notBreaching"), ("Invocations", "breaching"), ("Unreadable", "notBreaching"),
            ("ApproximateNumberOfMessagesVisible", "notBreaching"),
        }  # fmt: skip
        topic = next(i for i, r in template["Resources"].items() if r["Type"] == "AWS::SNS::Topic")
        assert all(a["AlarmActions"] == [{"Ref": topic}] for a in alarms.values())

    def test_a_lost_call_is_told_within_minutes(self, template: dict[str, Any]) -> None:
        """The queue of the alarm is that which the function has for its failed calls."""
        alarm = of(template, "AWS::CloudWatch::Alarm", "Lost")["Properties"]
        arn = of(template, FUNCTION)["Properties"]["DeadLetterConfig"]["TargetArn"]
        (queue,) = arn["Fn::GetAtt"][:1]
        assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}]
        facts = ("Namespace", "Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator")
        assert [alarm[name] for name in facts] == ["AWS/SQS", "Maximum", 300, 1, 0, "GreaterThanThreshold"]

    def test_the_filter_finds_what_the_function_logs(self, template: dict[str, Any]) -> None:
        filter_ = of(template, "AWS::Logs::MetricFilter")["Properties"]
        alarm = of(template, "AWS::CloudWatch::Alarm", "NotRead")["Properties"]
        (transformed,) = filter_["MetricTransformations"]
        assert (transformed["MetricName"], transformed["MetricNamespace"]) == (alarm["MetricName"], alarm["Namespace"])
        assert filter_["FilterPattern"] == UNREADABLE
        surroundings, lines = around(FakeConfig(), FakeEks(prod={"status": "FAILED"}))
        run(event("network-policies"), surroundings)
        assert [matches(UNREADABLE, json.dumps(line)) for line in lines] == [True, False]


class TestMoreClusters:
    def test_one_function_for_clusters_of_a_network_with_signed_code(self) -> None:
        stack = cdk.Stack(cdk.App(), "Rules", env=ENVIRONMENT)
        network = hardened.Network(stack, "Network", encryption_control=hardened.EncryptionControl.ENFORCE)
        clusters = [
            hardened.Cluster(stack, name, version="1.36", name=name, network=network) for name in ("prod", "test")
        ]
        hardened.ClusterRules(
            stack, "Rules", clusters=clusters, registries=[REGISTRY], name_suffix="payments", reserved_concurrency=None,
            alerts=hardened.alerts.nobody(reason="a test"), signed_code=hardened.SignedCode(**SIGNED),
        )  # fmt: skip
        found = Template.from_stack(stack).to_json()
        assert set(rules(found)) == {f"{one.name}-payments" for one in RULES}
        (control,) = [r for r in found["Resources"].values() if r["Type"] == "AWS::EC2::VPCEncryptionControl"]
        assert control["Properties"]["LambdaExclusionInput"] == "enable"
        function = of(found, FUNCTION, "Rules")["Properties"]
        assert function["Code"] == {"S3Bucket": "signed-code", "S3Key": "signed/code.zip", "S3ObjectVersion": "v1"}
        assert function["CodeSigningConfigArn"] == SIGNED["config_arn"]
        assert "ReservedConcurrentExecutions" not in function
        assert function["Environment"]["Variables"] == {CLUSTERS: "prod,test"}
        entries = [i for i, r in found["Resources"].items() if r["Type"] == "AWS::EKS::AccessEntry" and "Rules" in i]
        assert len(entries) == 2
        ways = [i for i in found["Resources"] if i.startswith("RulesFunctionApi")]
        assert len(ways) == 2
        alarms = [r["Properties"] for r in found["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
        assert len(alarms) == 4 and not any("AlarmActions" in one for one in alarms), "nobody is told, on purpose"


@pytest.fixture(scope="module")
def made() -> tuple[cdk.Stack, Any, Any]:
    """Never synthesized."""
    stack = cdk.Stack(cdk.App(), "Bad", env=ENVIRONMENT)
    return (
        stack,
        hardened.Cluster(stack, "One", version="1.36", name="one"),
        hardened.Cluster(stack, "Two", version="1.36", name="two"),
    )


class TestFails:
    def problems(self, made: tuple[cdk.Stack, Any, Any], **arguments: Any) -> list[str]:
        stack, one, _ = made
        given = {"clusters": [one], "registries": [REGISTRY], "alerts": hardened.alerts.nobody(reason="a test")}
        before = len(stack.node.children)
        with pytest.raises(ConfigurationError) as caught:
            hardened.ClusterRules(stack, "Rules", **{**given, **arguments})
        assert len(stack.node.children) == before
        return list(caught.value.problems)

    def test_with_every_mistake_at_once(self, made: tuple[cdk.Stack, Any, Any]) -> None:
        found = self.problems(
            made, clusters="prod", registries=["https://a.b", "*.c"], alerts="me", exempt_namespaces=["Kube"],
            name_suffix="a_b", recorder=1, log_retention_days=91, reserved_concurrency=0, signed_code="x",
        )  # fmt: skip
        assert [text.split(" ")[0] for text in found] == [
            "clusters", "registries[0]", "registries[1]", "exempt_namespaces[0]", "alerts", "name_suffix", "recorder",
            "log_retention_days", "reserved_concurrency", "signed_code",
        ]  # fmt: skip

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"clusters": []}, "clusters needs a list of 1 to 20"),
        ({"clusters": [5]}, "clusters needs a Cluster, got 5"),
        ({"registries": []}, "registries needs at least one registry, such as"),
        ({"registries": REGISTRY}, "registries needs a list"),
        ({"registries": [f"registry-{n:03}.example.com/with/a/long/path" for n in range(30)]}, "AWS Config allows 1024"),
    ])  # fmt: skip
    def test_with_what_cannot_be(self, made: tuple[cdk.Stack, Any, Any], arguments: dict[str, Any], words: str) -> None:
        (found,) = self.problems(made, **arguments)
        assert words in found

    def test_with_clusters_of_two_networks(self, made: tuple[cdk.Stack, Any, Any]) -> None:
        (found,) = self.problems(made, clusters=[made[1], made[2]])
        assert found == (
            "clusters has 'two', which is in another network than 'one': the function cannot reach both; create another "
            "ClusterRules with a name_suffix for it"
        )

    def test_with_a_cluster_twice(self, made: tuple[cdk.Stack, Any, Any]) -> None:
        assert self.problems(made, clusters=[made[1], made[1]]) == ["clusters names 'one' twice"]

    def test_with_a_cluster_of_which_too_little_is_known(self, made: tuple[cdk.Stack, Any, Any]) -> None:
        known = hardened.Cluster.from_cluster_attributes(made[0], "Known", name="known")
        assert [text.split(" ")[0] for text in self.problems(made, clusters=[known])] == ["network", "security_group"]

    @pytest.mark.parametrize(("change", "words"), [
        ({"bucket_name": "A_b"}, "bucket_name"), ({"key": ""}, "key"), ({"version": None}, "version"),
        ({"config_arn": "csc-1"}, "config_arn"),
    ])  # fmt: skip
    def test_with_code_that_cannot_be_named(self, change: dict[str, Any], words: str) -> None:
        with pytest.raises(ConfigurationError, match=words):
            hardened.SignedCode(**{**SIGNED, **change})
