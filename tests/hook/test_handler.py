"""From an event to an answer: what fails, what passes, what is not judged, and what is told."""

from __future__ import annotations

import copy
import json
import signal
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from hardened_eks.hook._alarms import NOT_JUDGED
from hardened_eks.hook.function import handler, main
from hardened_eks.hook.function.accepting import Accepted
from hardened_eks.hook.function.fetching import PayloadError
from hardened_eks.hook.function.judging import Settings
from hardened_eks.hook.variables import FAIL_ON, JUDGE, OWN_STACK, TEMPLATE_WAIVERS, WAIVERS
from hardened_eks.judging.scope import Scope
from hardened_eks.severity import Severity
from tests.detections.metric_filters import matches
from tests.hook import events
from tests.hook.asking import BUCKET, OPEN, ROLE, Asked, ask, parameter, payload

NO_EKS = "hardened-eks: no EKS here"
YAML = """\
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cluster
"""


class TestTargets:
    def test_a_stack_with_an_open_cluster_fails(self) -> None:
        found = ask(events.stack(), payload(Cluster=OPEN))
        assert (found.status, found.answer["errorCode"]) == ("FAILED", "NonCompliant")
        assert found.message.startswith("hardened-eks: failed: ")
        assert "CP-01 [high] Cluster.ResourcesVpcConfig.EndpointPublicAccess: " in found.message
        assert {"CP-01", "CP-10", "CP-11"} <= set(found.ids())
        assert found.answer["clientRequestToken"] == events.TOKEN

    def test_yaml_is_judged_as_json_is(self) -> None:
        from_json, from_yaml = (
            ask(events.stack(), one) for one in (payload(Cluster=OPEN), {"template": YAML})
        )  # fmt: skip
        assert from_yaml.status == "FAILED"
        assert from_yaml.ids() == from_json.ids()

    def test_a_change_set_is_judged_as_a_stack_is(self) -> None:
        found = ask(events.change_set(), payload(Cluster=OPEN, changes=[]))
        assert found.ids() == ask(events.stack(), payload(Cluster=OPEN)).ids()
        assert found.line["target"] == "CHANGE_SET"

    def test_a_resource_is_judged_with_its_values(self) -> None:
        found = ask(events.resource("AWS::EKS::Cluster", OPEN["Properties"]))
        assert found.status == "FAILED" and {"CP-01", "CP-10"} <= set(found.ids())
        closed = {"ResourcesVpcConfig": {"EndpointPublicAccess": False, "EndpointPrivateAccess": True}}
        assert "CP-01" not in ask(events.resource("AWS::EKS::Cluster", {**OPEN["Properties"], **closed})).ids()

    def test_what_cloud_control_creates_is_judged_with_a_shorter_message(self) -> None:
        found = ask(events.cloud_control("AWS::EKS::Cluster", OPEN["Properties"]))
        assert found.status == "FAILED" and "CP-01" in found.ids()
        assert len(found.message) <= 1024 and found.message.endswith("more")

    @pytest.mark.parametrize("spelling", ["clientRequestToken", "clientRequesttoken"])
    def test_the_answer_repeats_the_token(self, spelling: str) -> None:
        event = events.stack()
        del event["clientRequestToken"]
        assert ask({**event, spelling: "t-9"}, payload(Bucket=BUCKET)).answer["clientRequestToken"] == "t-9"


class TestOutside:
    def test_a_stack_without_eks_passes(self) -> None:
        found = ask(events.stack(), payload(Bucket=BUCKET))
        assert (found.status, found.message, found.annotations) == ("SUCCESS", NO_EKS, [])

    @pytest.mark.parametrize(("type_", "properties"), [
        ("AWS::S3::Bucket", {}), ("AWS::EC2::SecurityGroup", {"VpcId": "vpc-0a1b2c3d", "GroupDescription": "x"}),
        ("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}),
    ])  # fmt: skip
    def test_a_resource_of_no_cluster_passes(self, type_: str, properties: dict[str, Any]) -> None:
        assert ask(events.resource(type_, properties)).message == NO_EKS
        assert ask(events.cloud_control(type_, properties)).message == NO_EKS

    def test_all_is_judged_where_that_is_wanted(self) -> None:
        found = ask(events.stack(), payload(Bucket=BUCKET), settings=Settings(scope=Scope.ALL))
        assert found.status == "FAILED" and "ST-01" in found.ids()

    def test_a_template_that_cannot_be_read_and_is_about_no_cluster_passes(self) -> None:
        broken = {"template": 'Resources: {A: {Type: "AWS::S3::Bucket", Type: "AWS::S3::Bucket"}}'}
        found = ask(events.stack(), broken)
        assert found.status == "SUCCESS"
        assert found.message.startswith(f"{NO_EKS} (the template cannot be read: ")
        again = ask(events.stack(), broken, settings=Settings(scope=Scope.ALL))
        assert (again.status, again.answer["errorCode"]) == ("FAILED", "InternalFailure")

    @pytest.mark.parametrize(
        "event", [events.stack("DELETE"), events.resource("AWS::EKS::Cluster", None, action="DELETE")]
    )
    def test_deletions_are_not_judged(self, event: dict[str, Any]) -> None:
        assert ask(event).message == "hardened-eks: deletions are not evaluated"

    def test_the_stack_of_the_hook_is_never_judged(self) -> None:
        for event in (events.stack(name="Hook"), events.change_set(stackId=events.stack_id("Hook")),
                      events.resource("AWS::EKS::Cluster", OPEN["Properties"], stackId=events.stack_id("Hook"))):  # fmt: skip
            found = ask(event, payload(Cluster=OPEN))
            assert (found.status, found.message) == ("SUCCESS", "hardened-eks: this is the stack of the hook itself")

    def test_no_stack_of_the_hook_is_known_for_cloud_control(self) -> None:
        assert (
            ask(events.cloud_control("AWS::EKS::Cluster", OPEN["Properties"]), own_stack="resource").status == "FAILED"
        )


class TestChanges:
    OTHER = {**OPEN, "Properties": {"RoleArn": f"{ROLE}-2"}}

    def test_an_update_that_replaces_the_cluster_says_so_before_it_happens(self) -> None:
        found = ask(events.stack("UPDATE"), payload(Cluster=self.OTHER, previous={"Cluster": OPEN}))
        assert (
            f'DP-24 [critical] Cluster.RoleArn: RoleArn changes from "{ROLE}" to "{ROLE}-2": the cluster is replaced'
            in (found.message)
        )
        assert found.message.splitlines()[1].startswith("DP-24")
        assert "DP-24" not in ask(events.stack("UPDATE"), payload(Cluster=OPEN, previous={"Cluster": OPEN})).ids()
        assert "DP-24" not in ask(events.stack(), payload(Cluster=OPEN)).ids()

    def test_a_new_logical_id_replaces_it_too(self) -> None:
        found = ask(events.stack("UPDATE"), payload(New=OPEN, previous={"Cluster": OPEN}))
        assert "the logical ID changes from Cluster to New: the cluster is replaced" in found.message

    def test_a_change_set_says_it_as_well(self) -> None:
        change = {
            "logicalResourceId": "Cluster",
            "resourceType": "AWS::EKS::Cluster",
            "action": "Modify",
            "beforeContext": json.dumps({"Properties": {"RoleArn": ROLE}}),
            "afterContext": json.dumps({"Properties": {"RoleArn": f"{ROLE}-2"}}),
        }
        found = ask(events.change_set(), payload(Cluster=self.OTHER, changes=[change]))
        assert "DP-24" in found.ids()
        assert "DP-24" not in ask(events.change_set(), payload(Cluster=OPEN, changes=[])).ids()

    def test_a_change_set_that_does_not_say_what_was_is_no_pass(self) -> None:
        change = {"logicalResourceId": "Cluster", "resourceType": "AWS::EKS::Cluster", "action": "Modify"}
        found = ask(events.change_set(), payload(Cluster=OPEN, changes=[change]))
        assert "not seen: Cluster: the change set lacks its previous state" in found.message

    def test_a_deployed_template_that_cannot_be_read_blocks_no_correction(self) -> None:
        """For example, a waiver in it has a mistake, and the update corrects that."""
        broken = {**OPEN, "Metadata": {"hardened-eks:waiver": {"control": "CP-01", "reason": "x", "until": "soon"}}}
        told = payload(previous={"Cluster": broken}, Cluster=OPEN)
        found = ask(events.stack("UPDATE"), told)
        assert found.answer.get("errorCode") == "NonCompliant"
        assert "CP-01" in found.ids()
        assert "not seen: the deployed template cannot be read, so no control evaluates the change" in found.message
        assert matches(NOT_JUDGED, found.lines[0])
        safe = ask(
            events.stack("UPDATE"), {**told, "previousTemplate": "[eks"}, settings=Settings(fail_on=Severity.CRITICAL)
        )
        assert safe.status == "SUCCESS"
        assert matches(NOT_JUDGED, safe.lines[0])

    def test_an_update_of_a_resource_knows_what_it_was(self) -> None:
        was = {"ClusterName": "a", "NodegroupName": "general", "NodeRole": ROLE, "Subnets": ["subnet-0a1b2c3d"]}
        now = {**was, "Subnets": ["subnet-0f1b2c3d"]}
        found = ask(events.resource("AWS::EKS::Nodegroup", now, previous=was, action="UPDATE"))
        assert "DP-67" in found.ids()
        assert "DP-67" not in ask(events.resource("AWS::EKS::Nodegroup", now)).ids()


class TestWaivers:
    WAIVER = {"control": "CP-01", "reason": "SEC-1", "until": "2027-06-30"}
    KEY = "hardened-eks:waiver"

    def waived(self, found: Asked) -> None:
        assert "CP-01" not in found.ids() and "CP-10" in found.ids()
        (told,) = [one for one in found.annotations if one["annotationName"].startswith("CP-01")]
        assert told["status"] == "SKIPPED" and "waived until 2027-06-30: SEC-1" in told["statusMessage"]

    def test_in_the_metadata_of_a_resource(self) -> None:
        self.waived(ask(events.stack(), payload(Cluster={**OPEN, "Metadata": {self.KEY: self.WAIVER}})))

    def test_in_the_metadata_of_the_template(self) -> None:
        body = {"Metadata": {self.KEY: [{**self.WAIVER, "resource": "Payments/*"}]}, "Resources": {"Cluster": OPEN}}
        self.waived(ask(events.stack(), {"template": json.dumps(body)}))

    def test_in_the_metadata_of_the_template_by_the_path_of_a_construct(self) -> None:
        """As `waive` writes it, and the CDK CLI the path."""
        cluster = {**OPEN, "Metadata": {"aws:cdk:path": "Payments/Eks/Cluster"}}
        body = {"Metadata": {self.KEY: [{**self.WAIVER, "path": "Payments/Eks"}]}, "Resources": {"Cluster": cluster}}
        self.waived(ask(events.stack(), {"template": json.dumps(body)}))

    def test_not_where_templates_must_not_waive(self) -> None:
        body = payload(Cluster={**OPEN, "Metadata": {self.KEY: self.WAIVER}})
        assert "CP-01" in ask(events.stack(), body, settings=Settings(template_waivers=False)).ids()

    @pytest.mark.parametrize("text", [
        json.dumps({"waivers": [{**WAIVER, "resource": "Payments/Cluster"}]}),
        "waivers:\n- control: CP-01\n  resource: '*'\n  reason: SEC-1\n  until: 2027-06-30\n",
    ])  # fmt: skip
    def test_in_the_parameter_of_the_account(self, text: str) -> None:
        for event in (events.stack(), events.resource("AWS::EKS::Cluster", OPEN["Properties"])):
            self.waived(ask(event, payload(Cluster=OPEN), accepted=parameter(text)))

    def test_those_for_other_stacks_are_no_finding(self) -> None:
        text = json.dumps({"waivers": [
            {**self.WAIVER, "resource": "Other/*"}, {**self.WAIVER, "resource": "Other/*", "until": "2020-01-01"},
            {**self.WAIVER, "control": "XX-99", "resource": "*"},
        ]})  # fmt: skip
        found = ask(events.stack(), payload(Cluster=OPEN), accepted=parameter(text))
        assert found.line["event"] == "judged"
        assert not [one for one in found.ids() if one.startswith("WV")]
        assert ask(events.stack(), payload(Bucket=BUCKET), accepted=parameter(text)).message == NO_EKS

    def test_one_that_has_expired_is_a_finding(self) -> None:
        text = json.dumps({"waivers": [{**self.WAIVER, "resource": "*", "until": "2020-01-01"}]})
        found = ask(events.stack(), payload(Cluster=OPEN), accepted=parameter(text))
        assert {"CP-01", "WV-01"} <= set(found.ids())

    @pytest.mark.parametrize(("value", "words"), [
        ("waivers: {", "/eks/waivers:"), ('{"waivers": [{"control": "CP-01"}]}', "a waiver needs one of"),
        (type("Denied", (Exception,), {"response": {"Error": {"Code": "AccessDeniedException"}}})(), "AccessDenied"),
        (OSError("no route"), "no route"),
    ])  # fmt: skip
    def test_where_they_cannot_be_read_everything_counts_and_somebody_is_told(self, value: Any, words: str) -> None:
        found = ask(events.stack(), payload(Cluster=OPEN), accepted=parameter(value))
        assert "CP-01" in found.ids()
        assert found.message.splitlines()[1].startswith("the waivers of the account do not count: ")
        assert words in found.message.splitlines()[1]
        assert matches(NOT_JUDGED, found.lines[0])

    def test_where_nothing_fails_nobody_asks_for_them(self) -> None:
        never = Accepted("/eks/waivers", lambda: pytest.fail("nobody asks"))
        assert ask(events.stack(), payload(Bucket=BUCKET), accepted=never).message == NO_EKS

    def test_a_parameter_that_is_not_there_holds_none(self) -> None:
        gone = type("Gone", (Exception,), {"response": {"Error": {"Code": "ParameterNotFound"}}})()
        found = ask(events.stack(), payload(Cluster=OPEN), accepted=parameter(gone))
        assert "CP-01" in found.ids() and found.line["event"] == "judged"

    @pytest.mark.parametrize("entry", [5, {}, {"control": "CP-01"}, {**WAIVER, "until": "soon"}, {**WAIVER, "x": "y"},
                                       {**WAIVER, "control": "CP-99"}])  # fmt: skip
    def test_a_wrong_one_in_a_template_is_not_judged(self, entry: Any) -> None:
        found = ask(events.stack(), payload(Cluster={**OPEN, "Metadata": {self.KEY: entry}}))
        assert found.answer["errorCode"] == "InternalFailure" and matches(NOT_JUDGED, found.lines[0])
        bucket = ask(events.stack(), payload(Bucket={**BUCKET, "Metadata": {self.KEY: {"control": "ST-01"}}}))
        assert bucket.status == "FAILED"  # the key itself says eks


class TestWhatIsTold:
    def test_controls_that_need_the_other_templates_do_not_count(self) -> None:
        template = {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {
            "ImageId": "ami-0a1b2c3d", "TagSpecifications": [{"ResourceType": "instance", "Tags": [
                {"Key": "kubernetes.io/cluster/prod", "Value": "owned"}]}]}}}  # fmt: skip
        found = ask(events.stack(), payload(Nodes=template))
        assert "ND-03" not in found.ids()
        assert "ND-03" in found.ids("SKIPPED")
        (told,) = [one for one in found.annotations if one["annotationName"].startswith("ND-03")]
        assert told["statusMessage"].startswith("on this template alone: Nodes: ")
        assert "not evaluated here, since they need other templates, but failing on this one alone: " in found.message

    def test_an_export_of_another_template_does_not_count(self) -> None:
        """The values that the stack gets are evaluated with each resource."""
        elsewhere = {"Fn::ImportValue": "audit-key"}
        group = {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": "/aws/eks/prod/cluster", "KmsKeyId": elsewhere},
        }
        found = ask(events.stack(), payload(Logs=group, Cluster=OPEN))
        assert ("LG-01" in found.ids(), "LG-01" in found.ids("SKIPPED")) == (False, True)
        group["Properties"] = {**group["Properties"], "KmsKeyId": "{{resolve:ssm:/audit/key}}"}
        found = ask(events.stack(), payload(Logs=group, Cluster=OPEN))
        assert ("LG-01" in found.ids(), "LG-01" in found.ids("SKIPPED")) == (True, False)

    def test_the_least_severity_that_fails(self) -> None:
        found = ask(events.stack(), payload(Cluster=OPEN), settings=Settings(fail_on=Severity.HIGH))
        everything = ask(events.stack(), payload(Cluster=OPEN))
        assert "CP-01" in found.ids() and set(found.ids()) < set(everything.ids())
        assert set(everything.ids()) - set(found.ids()) <= set(found.ids("SKIPPED"))
        levels = {one["severityLevel"] for one in found.annotations if one["status"] == "FAILED"}
        assert levels <= {"HIGH", "CRITICAL"}

    def test_what_is_not_seen_is_never_called_a_pass(self) -> None:
        found = ask(events.stack(), payload(Platform={"Type": "Acme::Platform::EksCluster"}))
        assert (found.status, "passed" in found.message) == ("SUCCESS", False)
        assert "not seen: Payments/Platform" in found.message

    def test_a_value_that_only_the_deployment_knows_fails_closed(self) -> None:
        body = {
            "Parameters": {"Open": {"Type": "String"}},
            "Resources": {"Cluster": {**OPEN, "Properties": {
                "RoleArn": ROLE, "ResourcesVpcConfig": {"EndpointPublicAccess": {"Ref": "Open"}}}}},
        }  # fmt: skip
        assert "CP-01" in ask(events.stack(), {"template": json.dumps(body)}).ids()

    def test_the_log_names_the_stack_and_nothing_of_the_template(self) -> None:
        found = ask(events.stack(), payload(Cluster=OPEN))
        assert found.line.pop("ms") >= 0
        assert found.line == {
            "event": "judged", "target": "STACK", "action": "CREATE", "stack": "Payments", "type": "", "examined": 1,
            "findings": found.line["findings"], "status": "FAILED",
        }  # fmt: skip
        assert not matches(NOT_JUDGED, found.lines[0])


BROKEN: list[tuple[Any, Any, str]] = [
    (None, None, "the event is a mapping"),
    ({}, None, "no requestData"),
    (events.stack(), PayloadError("the template cannot be read from s3: HTTP 403"), "HTTP 403"),
    (events.stack(), {"template": "Resources: [AWS::EKS::Cluster"}, "Payments"),
    (events.stack(), {"template": "hello eks"}, "Payments"),
    (events.stack(), {"template": json.dumps({"Resources": {"A": "AWS::EKS::Cluster"}})}, "Payments"),
    (events.stack(), ZeroDivisionError("oops"), "ZeroDivisionError: oops"),
    (events.resource("AWS::EKS::Cluster", None), None, "no resourceProperties"),
]  # fmt: skip


class TestNotJudged:
    @pytest.mark.parametrize(("event", "payload_", "words"), BROKEN)
    def test_it_fails_and_somebody_is_told(self, event: Any, payload_: Any, words: str) -> None:
        found = ask(event, payload_)
        assert (found.status, found.answer["errorCode"]) == ("FAILED", "InternalFailure")
        assert found.message.startswith("hardened-eks: not evaluated, which is not a pass: ")
        assert words in found.message
        assert matches(NOT_JUDGED, found.lines[0])
        assert len(found.message) <= 4096

    def test_a_mistake_of_ours_leaves_its_trace_in_the_log_alone(self) -> None:
        found = ask(events.stack(), ZeroDivisionError("oops"))
        assert "Traceback" in found.line["trace"] and "Traceback" not in found.message

    def test_a_long_reason_is_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(*_: Any, **__: Any) -> None:
            raise ZeroDivisionError("x" * 9000)

        monkeypatch.setattr(handler, "judge", breaks)
        assert len(ask(events.cloud_control("A::B::C", {})).message) == 1024
        assert 1024 < len(ask(events.resource("A::B::C", {})).message) <= 4096

    def test_it_ends_before_cloudformation_stops_waiting(self) -> None:
        def slow() -> dict[str, Any]:
            while True:
                time.sleep(0.01)

        started = time.monotonic()
        found = ask(events.stack(), slow, left=2.2)
        assert time.monotonic() - started < 2
        assert (found.answer["errorCode"], "took more than" in found.message) == ("InternalFailure", True)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)

    def test_a_control_that_does_not_end_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What breaks in a control is a finding; the end of the time is not."""

        def endless(self: Any, path: str, default: Any = None) -> Any:
            while True:
                time.sleep(0.01)

        monkeypatch.setattr("hardened_eks.evidence.resource.Resource.get", endless)
        found = ask(events.stack(), payload(Cluster=OPEN), left=2.3)
        assert (found.answer["errorCode"], "took more than" in found.message) == ("InternalFailure", True)

    def test_in_another_thread_there_is_no_alarm_clock(self) -> None:
        found: list[Asked] = []
        thread = threading.Thread(target=lambda: found.append(ask(events.stack(), payload(Bucket=BUCKET))))
        thread.start()
        thread.join()
        assert found[0].message == NO_EKS


class TestLambda:
    """The entry point, with the variables that the construct sets."""

    CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)

    def call(self, monkeypatch: pytest.MonkeyPatch, event: Any, **variables: str) -> dict[str, Any]:
        handler._accepted.cache_clear()
        for name in (JUDGE, FAIL_ON, TEMPLATE_WAIVERS, WAIVERS, OWN_STACK):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        answer: dict[str, Any] = main.handler(event, self.CONTEXT)
        return answer

    def test_without_variables(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        answer = self.call(monkeypatch, events.resource("AWS::EKS::Cluster", OPEN["Properties"]))
        assert answer["hookStatus"] == "FAILED"
        assert json.loads(capsys.readouterr().out)["event"] == "judged"

    def test_with_each(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cluster = events.resource("AWS::EKS::Cluster", OPEN["Properties"])
        assert self.call(monkeypatch, cluster)["hookStatus"] == "FAILED"
        assert self.call(monkeypatch, cluster, **{FAIL_ON: "critical"})["hookStatus"] == "SUCCESS"
        bucket = events.resource("AWS::S3::Bucket", {})
        assert self.call(monkeypatch, bucket)["message"] == NO_EKS
        assert self.call(monkeypatch, bucket, **{JUDGE: "all"})["hookStatus"] == "FAILED"
        assert self.call(monkeypatch, cluster, **{OWN_STACK: "Payments"})["hookStatus"] == "SUCCESS"

    def test_the_parameter_is_read_once_a_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tests.hook.asking import FakeSsm

        ssm = FakeSsm('{"waivers": []}')
        monkeypatch.setattr(handler, "_ssm", lambda: ssm)
        cluster = events.resource("AWS::EKS::Cluster", OPEN["Properties"])
        answers = [self.call(monkeypatch, cluster, **{WAIVERS: "/eks/waivers"})]
        accepted = handler._accepted("/eks/waivers")
        now = accepted.clock()
        for later in (1, 59, 61):
            accepted.clock = lambda later=later: now + later  # type: ignore[misc]
            accepted.read()
        assert (ssm.asked, {one["hookStatus"] for one in answers}) == (2, {"FAILED"})


def test_an_answer_does_not_change_its_event() -> None:
    event = events.resource("AWS::EKS::Cluster", OPEN["Properties"])
    before = copy.deepcopy(event)
    ask(event)
    assert event == before
