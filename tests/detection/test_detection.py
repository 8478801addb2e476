"""A detection: rules, alarms and machines of one cluster, and what it refuses."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import botocore.session
import pytest
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks.conformance._values import values
from hardened_eks.detection._own import own_problems
from hardened_eks.detections import DETECTIONS, Detection, EventPattern, MetricFilter, Severity, Source
from hardened_eks.errors import ConfigurationError
from hardened_eks.testing import assert_hardened
from tests.detections.events import BREAK_GLASS
from tests.detections.run import event_matches
from tests.detections.test_events import CASES
from tests.linting import lint

ACCOUNT, REGION = "123456789012", "eu-west-1"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deploy"
Found = dict[str, Any]


def stack(region: str = REGION) -> cdk.Stack:
    made = cdk.Stack(cdk.App(), "Watch", env=cdk.Environment(account=ACCOUNT, region=region))
    cdk.Tags.of(made).add("application", "payments")
    return made


def cluster(scope: cdk.Stack) -> hardened.ImportedCluster:
    return hardened.Cluster.from_cluster_attributes(
        scope, "Cluster", name="payments", keys=hardened.Keys(scope, "Keys")
    )


def template_of(**arguments: Any) -> Found:
    scope = stack()
    topic = hardened.alerts.Topic(scope, "Alerts")
    given = {"alerts": topic, "trusted_automation": [DEPLOYER], "trail": "elsewhere", **arguments}
    hardened.Detection(scope, "Detection", cluster=cluster(scope), **given)
    found: Found = Template.from_stack(scope).to_json()
    return found


def of(template: Found, type_: str) -> dict[str, Found]:
    return {id_: r["Properties"] for id_, r in template["Resources"].items() if r["Type"] == type_}


@pytest.fixture(scope="module")
def default() -> Found:
    return template_of()


CONTAINERS = "/aws/containerinsights/payments/application"


@pytest.fixture(scope="module")
def full() -> Found:
    group = logs.LogGroup.from_log_group_name(cdk.Stack(), "Containers", CONTAINERS)
    return template_of(
        containers_log_group=group,
        level="full", archive_retention_days=30, evidence="log-alarm", runbook_url="https://example.com/runbook", dashboard=False,
        parameters={
            "admin_hosts": ["i-0123456789abcdef0"], "webhook_managers": ["system:serviceaccount:ops:*"],
            "secrets": [f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:payments-*"],
            "pod_roles": [f"arn:aws:iam::{ACCOUNT}:role/app"],
        },
    )  # fmt: skip


class TestRules:
    def test_each_tells_the_topic_and_keeps_what_is_refused(self, default: Found) -> None:
        rules = of(default, "AWS::Events::Rule")
        assert len(rules) <= 22
        for rule in rules.values():
            (target,) = rule["Targets"]
            assert target["DeadLetterConfig"]["Arn"]
            assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600

    def test_the_message_says_who_what_where_when_and_what_to_do_first(self, default: Found) -> None:
        (rule,) = [r for r in of(default, "AWS::Events::Rule").values() if "eks-endpoint-public" in r["Description"]]
        words = rule["Targets"][0]["InputTransformer"]
        text = json.loads(words["InputTemplate"])
        assert text.startswith("CRITICAL: EKS was changed. <who> called <call> on EKS cluster '<cluster>' from ")
        for part in (
            "<when>",
            "It is one of these, each with its first step: 1) EKS was changed by the root user",
            "A control-plane log was turned off, by UpdateClusterConfig (eks-logging-disabled): Turn it on",
            "endpointPublicAccess=false",
            "#/events/<event>",
        ):
            assert part in text
        assert {name for name in words["InputPathsMap"] if f"<{name}>" not in text} == set()

    def test_a_call_that_may_have_failed_says_so_and_others_leave_no_gap(self, default: Found) -> None:
        said = {}
        for rule in of(default, "AWS::Events::Rule").values():
            words = rule["Targets"][0].get("InputTransformer")
            if words and "called <call>" in words["InputTemplate"]:
                said[rule["Description"]] = words["InputTemplate"]
        failed = {description for description, text in said.items() if "<error>" in text}
        assert failed == {
            description for description in said
            if any(id_ in description for id_ in ("eks-change-denied", "break-glass-assumed", "console-login-no-mfa"))
        } != set()  # fmt: skip
        assert all("error code '<error>' (empty: the call succeeded)" in said[description] for description in failed)

    def test_every_placeholder_of_a_message_is_a_field(self, full: Found) -> None:
        import re

        for rule in of(full, "AWS::Events::Rule").values():
            words = rule["Targets"][0].get("InputTransformer")
            if words and "InputPathsMap" in words:
                named = set(re.findall(r"<([^<>]*)>", words["InputTemplate"]))
                assert {n for n in named if not n.startswith("aws.events.")} <= set(words["InputPathsMap"])
                assert len(words["InputTemplate"]) <= 8192

    def test_read_only_calls_need_the_state_that_delivers_them(self, full: Found) -> None:
        states = {r["Description"]: r["State"] for r in of(full, "AWS::Events::Rule").values() if "State" in r}
        assert set(states.values()) == {"ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}
        for description, state in states.items():
            reads = any(id_ in description for id_ in ("secret-read", "break-glass-assumed"))
            assert (state == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") is reads

    def test_trusted_automation_is_in_the_patterns(self, default: Found) -> None:
        assert json.dumps(of(default, "AWS::Events::Rule")).count(DEPLOYER) >= 8

    def test_each_has_a_name_that_the_creator_role_knows(self, default: Found, full: Found) -> None:
        for template in (default, full):
            names = [json.dumps(rule["Name"]) for rule in of(template, "AWS::Events::Rule").values()]
            assert len(set(names)) == len(names)
            assert all(name.startswith('{"Fn::Join": ["", [{"Ref": "AWS::StackName"}, "-') for name in names)


def test_names_fit_in_a_stack_with_a_long_name() -> None:
    """Names of rules and schedules have 64 characters, those of state machines 80, of archives 48; a stack's 128."""
    scope = cdk.Stack(cdk.App(), "Long", stack_name="payments-" * 12, env={"account": ACCOUNT, "region": REGION})
    topic = hardened.alerts.Topic(scope, "Alerts")
    hardened.Detection(
        scope, "Detection", cluster=cluster(scope), alerts=topic, trail="elsewhere", archive_retention_days=9
    )
    template: Found = Template.from_stack(scope).to_json()
    for kind, name, most in (
        ("AWS::Events::Rule", "Name", 64), ("AWS::Scheduler::Schedule", "Name", 64),
        ("AWS::StepFunctions::StateMachine", "StateMachineName", 80), ("AWS::Events::Archive", "ArchiveName", 48),
    ):  # fmt: skip
        names = [resource[name] for resource in of(template, kind).values()]
        assert names and len(set(names)) == len(names), kind
        for found in names:
            assert isinstance(found, str) and len(found) <= most and found.startswith("payments-payments-"), kind


class TestAlarms:
    def test_each_filter_has_an_alarm_that_tells(self, default: Found) -> None:
        metrics = {
            (t["MetricNamespace"], t["MetricName"])
            for f in of(default, "AWS::Logs::MetricFilter").values()
            for t in f["MetricTransformations"]
        }
        alarms = of(default, "AWS::CloudWatch::Alarm").values()
        assert all(alarm["AlarmActions"] for alarm in alarms)
        watched = {(a["Namespace"], a["MetricName"]) for a in alarms if "MetricName" in a}
        assert metrics <= watched
        assert {namespace for namespace, _ in metrics} == {"HardenedEks/payments"}
        assert len(metrics) >= 15

    def test_a_surge_is_seen_by_threshold_and_by_anomaly(self, default: Found) -> None:
        alarms = of(default, "AWS::CloudWatch::Alarm").values()
        refused = [a for a in alarms if "k8s-forbidden" in json.dumps(a)]
        (fixed,) = [a for a in refused if "MetricName" in a]
        (band,) = [a for a in refused if "Metrics" in a]
        assert (fixed["Threshold"], fixed["Period"]) == (20, 300)
        assert band["ComparisonOperator"] == "GreaterThanUpperThreshold"
        assert band["Metrics"][1]["Expression"] == "ANOMALY_DETECTION_BAND(count, 3)"
        assert band["ThresholdMetricId"] == band["Metrics"][1]["Id"]

    def test_silence_is_an_alarm(self, default: Found) -> None:
        alarms, filters = of(default, "AWS::CloudWatch::Alarm"), of(default, "AWS::Logs::MetricFilter")
        (silent,) = [a for a in alarms.values() if a.get("MetricName") == "audit-records"]
        assert (silent["TreatMissingData"], silent["EvaluationPeriods"], silent["Period"]) == ("breaching", 3, 300)
        (filter_,) = [f for f in filters.values() if f["MetricTransformations"][0]["MetricName"] == "audit-records"]
        assert filter_["FilterPattern"] == '{ $.apiVersion = "audit.k8s.io/*" }' and "Dimensions" not in silent
        assert "/aws/eks/payments/cluster" in json.dumps(filter_["LogGroupName"])

    def test_undelivered_alerts_are_an_alarm(self, default: Found) -> None:
        text = json.dumps(of(default, "AWS::CloudWatch::Alarm"))
        assert "ApproximateNumberOfMessagesVisible" in text and "FailedInvocations" in text

    def test_descriptions_fit_and_say_what_to_do(self, full: Found) -> None:
        for kind in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::LogAlarm"):
            for alarm in of(full, kind).values():
                assert len(alarm["AlarmDescription"]) <= 1024
        (exec_,) = [a for a in of(full, "AWS::CloudWatch::LogAlarm").values() if "exec-kube-system" in json.dumps(a)]
        assert exec_["AlarmDescription"].endswith("https://example.com/runbook#k8s-exec-kube-system")
        assert "First:" in exec_["AlarmDescription"]


def test_only_alarms_on_states_resolve_their_incidents() -> None:
    """Alarms on lines of a log are OK a minute after an attack. Their incidents stay open, and the evidence joins them."""
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:alerts-AbCdEf"
    template = template_of(alerts=hardened.alerts.PagerDuty(secret=secret), level="full")
    told: dict[str, str] = {"ALARM": "", "OK": ""}
    keys: dict[str, set[str]] = {}
    for rule in of(template, "AWS::Events::Rule").values():
        pattern = rule["EventPattern"]
        if pattern.get("source") == ["aws.cloudwatch"] and rule["Targets"][0]["Id"] == "PagerDuty":
            names = json.dumps(pattern["resources"])
            told[pattern["detail"]["state"]["value"][0]] += names
            words = rule["Targets"][0]["InputTransformer"]
            keys.setdefault("line" if "-K8s" in names else "state", set()).add(words["InputTemplate"].split(",")[1])
    assert "-K8sClusterAdminBoundAlarm-" in told["ALARM"] and "-K8sForbiddenAnomaly-" in told["ALARM"]
    assert "-AuditSilentAuditRecords-" in told["ALARM"] and "-K8s" not in told["OK"]
    assert "-AuditSilentAuditRecords-" in told["OK"] and "-EksHealth" in told["OK"]
    assert keys["line"] == {'"dedup_key":<change>'} and all("<alarm>" in key for key in keys["state"])
    evidence = json.dumps(of(template, "AWS::StepFunctions::StateMachine"))
    assert "{% $change %}" in evidence and "{% $states.input.id %}" in evidence


class TestEvidence:
    def test_every_alarm_on_the_audit_log_has_its_query(self, default: Found) -> None:
        saved = {q["Name"].rsplit("/", 1)[1] for q in of(default, "AWS::Logs::QueryDefinition").values()}
        counted = {f["MetricTransformations"][0]["MetricName"] for f in of(default, "AWS::Logs::MetricFilter").values()}
        counted.remove("audit-records")  # its alarm is on their absence
        assert counted <= saved and "refused" in saved
        (rule,) = [r for r in of(default, "AWS::Events::Rule").values() if r["Targets"][0]["Id"] == "Evidence"]
        metric = rule["EventPattern"]["detail"]["configuration"]["metrics"]["metricStat"]["metric"]
        assert set(metric["name"]) == counted
        assert rule["EventPattern"]["detail"]["state"] == {"value": ["ALARM"]}

    def test_machines_are_encrypted_logged_and_traced(self, default: Found) -> None:
        machines = of(default, "AWS::StepFunctions::StateMachine").values()
        assert len(machines) == 2
        for machine in machines:
            assert machine["EncryptionConfiguration"]["Type"] == "CUSTOMER_MANAGED_KMS_KEY"
            assert machine["LoggingConfiguration"]["Level"] == "ALL"
            assert machine["TracingConfiguration"]["Enabled"] is True

    def test_log_alarms_send_the_lines(self, full: Found) -> None:
        alarms = of(full, "AWS::CloudWatch::LogAlarm").values()
        assert len(alarms) >= 15
        for alarm in alarms:
            assert alarm["AlarmActions"] and alarm["ActionLogLineCount"] == 20
        filters = {f["MetricTransformations"][0]["MetricName"] for f in of(full, "AWS::Logs::MetricFilter").values()}
        assert filters == {"k8s-unauthorized", "k8s-forbidden", "kube-bench-failed", "audit-records"}
        assert len(of(full, "AWS::StepFunctions::StateMachine")) == 1


def test_alarms_comply_with_the_rule_on_alarms_in_our_packs(default: Found) -> None:
    asked = values("aws")["CLOUDWATCH_ALARM_ACTION_CHECK"]
    actions = {"alarmActionRequired": "AlarmActions", "insufficientDataActionRequired": "InsufficientDataActions",
               "okActionRequired": "OKActions"}  # fmt: skip
    assert asked["alarmActionRequired"] == "true" and set(asked) == set(actions)
    for name, alarm in of(default, "AWS::CloudWatch::Alarm").items():
        assert all(alarm.get(actions[parameter]) for parameter, needed in asked.items() if needed == "true"), name


def test_a_query_also_covers_the_time_of_the_query_before_it(full: Found) -> None:
    """Queries select by the time of a record. One that reaches the log late would be in the time of no query."""
    for name, alarm in of(full, "AWS::CloudWatch::LogAlarm").items():
        schedule = alarm["ScheduledQueryConfiguration"]["ScheduleConfiguration"]
        assert schedule["ScheduleExpression"] == "rate(5 minutes)"
        assert schedule["StartTimeOffset"] >= 2 * 300 and "EndTimeOffset" not in schedule, name


class TestDigest:
    def test_what_wakes_nobody_goes_to_an_encrypted_group(self, default: Found) -> None:
        rules = [r for r in of(default, "AWS::Events::Rule").values() if r["Targets"][0]["Id"] == "Digest"]
        described = ", ".join(r["Description"] for r in rules)
        assert "eks-changed" in described
        assert any(r["EventPattern"].get("detail", {}).get("readOnly") == [False] for r in rules)
        assert all(g["KmsKeyId"] and g["RetentionInDays"] == 365 for g in of(default, "AWS::Logs::LogGroup").values())

    def test_once_a_day(self, default: Found) -> None:
        (schedule,) = of(default, "AWS::Scheduler::Schedule").values()
        assert schedule["ScheduleExpression"] == "cron(0 6 * * ? *)"
        assert schedule["Target"]["DeadLetterConfig"]["Arn"] and schedule["KmsKeyArn"]


def test_the_catalogue_finds_nothing() -> None:
    scope = stack()
    topic = hardened.alerts.Topic(scope, "Alerts")
    hardened.Detection(scope, "Detection", cluster=cluster(scope), alerts=topic, trail="elsewhere", level="full")
    assert_hardened(scope)


def test_no_function_and_no_custom_resource(default: Found) -> None:
    types = Counter(r["Type"] for r in default["Resources"].values())
    assert not [t for t in types if t.startswith(("AWS::Lambda", "Custom::"))]


class TestChoices:
    def test_an_archive_is_encrypted(self, full: Found) -> None:
        (archive,) = of(full, "AWS::Events::Archive").values()
        assert archive["RetentionDays"] == 30 and archive["KmsKeyIdentifier"]
        assert "aws.eks" in archive["EventPattern"]["source"]

    def test_no_dashboard(self, full: Found, default: Found) -> None:
        assert not of(full, "AWS::CloudWatch::Dashboard")
        (board,) = of(default, "AWS::CloudWatch::Dashboard").values()
        assert "AWS/EKS" in json.dumps(board)

    def test_parameters_tune(self, full: Found) -> None:
        tuned = template_of(parameters={"webhook_managers": ["system:serviceaccount:ops:*"]})
        assert "system:serviceaccount:ops:*" in json.dumps(of(tuned, "AWS::Logs::MetricFilter"))
        assert "i-0123456789abcdef0" in json.dumps(of(full, "AWS::Events::Rule"))

    def test_leave_out_and_add(self) -> None:
        own = Detection(
            id="payments-namespace-deleted", title="Somebody deletes payments", severity=Severity.CRITICAL, default=True,
            why="It holds the payments.", first=("Call the owner.",), false_positives="None.", technique="",
            expressions=(EventPattern(pattern={"source": ["payments"], "detail-type": ["x"]}),),
        )  # fmt: skip
        found = template_of(exclude=["eks-change-denied"], extra=[own], evidence="none")
        text = json.dumps(of(found, "AWS::Events::Rule"))
        assert "payments-namespace-deleted" in text and "eks-change-denied" not in text
        assert len(of(found, "AWS::StepFunctions::StateMachine")) == 1

    def test_reports_of_kube_bench_are_read_where_containers_print_them(self, full: Found) -> None:
        filters = of(full, "AWS::Logs::MetricFilter").values()
        (found,) = [f for f in filters if f["LogGroupName"] == CONTAINERS]
        assert '$.kubernetes.container_name = "kube-bench-node"' in found["FilterPattern"]
        (transformed,) = found["MetricTransformations"]
        (alarm,) = [
            a for a in of(full, "AWS::CloudWatch::Alarm").values() if a.get("MetricName") == transformed["MetricName"]
        ]
        assert (alarm["Namespace"], alarm["Period"], alarm["Threshold"]) == (transformed["MetricNamespace"], 3600, 1)
        assert alarm["AlarmActions"]

    def test_without_that_log_group_nothing_is_made_for_it(self, default: Found) -> None:
        assert "kube-bench" not in json.dumps(of(default, "AWS::Logs::MetricFilter"))

    def test_rankings_count_refused_calls_in_the_documented_syntax(self, default: Found) -> None:
        """`In` takes strings, and the other operators one number; a 401 is recorded with the stage ResponseStarted."""
        found = {}
        for rule in of(default, "AWS::CloudWatch::InsightRule").values():
            found[rule["RuleName"].rpartition("payments-")[2]] = json.loads(rule["RuleBody"])["Contribution"]
        for kept in found.values():
            assert len(kept["Keys"]) <= 4 and len(kept["Filters"]) <= 4
            for one in kept["Filters"]:
                (operator,) = set(one) - {"Match"}
                strings = operator in {"In", "NotIn", "StartsWith"}
                assert all(isinstance(v, str) for v in one[operator]) if strings else isinstance(one[operator], int)
        assert {one["Match"] for one in found["refused"]["Filters"]} == {"$.responseStatus.code"}
        bounds = {key: value for one in found["refused"]["Filters"] for key, value in one.items()}
        assert [c for c in (200, 400, 401, 403, 404) if bounds["GreaterThan"] < c < bounds["LessThan"]] == [401, 403]

    def test_what_lacks_a_value_is_named(self) -> None:
        scope = stack()
        made = hardened.Detection(
            scope, "Detection", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "A"), trail="elsewhere"
        )
        assert made.skipped["break-glass-assumed"] == ["break_glass_role"]
        assert made.skipped["kube-bench-failed"] == ["containers_log_group"]
        Annotations.from_stack(scope).has_info("/Watch/Detection", Match.string_like_regexp(".*break-glass-assumed.*"))


class TestGlobalEvents:
    def test_a_trail_is_watched(self) -> None:
        scope = stack()
        trail = cloudtrail.Trail(scope, "Trail", send_to_cloud_watch_logs=True)
        hardened.Detection(
            scope, "Detection", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "Alerts"), trail=trail,
            watched_roles=["payments-node"],
        )  # fmt: skip
        filters = of(Template.from_stack(scope).to_json(), "AWS::Logs::MetricFilter").values()
        on_trail = {
            f["MetricTransformations"][0]["MetricName"] for f in filters if "Ref" in json.dumps(f["LogGroupName"])
        }
        assert on_trail == {"iam-role-changed", "console-login-no-mfa", "trail-stopped"}
        Annotations.from_stack(scope).has_no_warning("/Watch/Detection", Match.any_value())

    def test_what_is_not_seen_is_said(self) -> None:
        scope = stack()
        hardened.Detection(scope, "Detection", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "Alerts"))
        found = Annotations.from_stack(scope)
        found.has_warning("/Watch/Detection", Match.string_like_regexp("no trail is known.*"))
        never = "never fire: console-login-no-mfa; and these only see calls in the stack's Region: trail-stopped"
        found.has_warning("/Watch/Detection", Match.string_like_regexp(f".*{never}\\..*"))

    def test_what_needs_counting_needs_a_trail(self) -> None:
        """EventBridge sees each failed sign-in and cannot say that there were five."""
        for region, choice, said in (
            ("us-east-1", None, True), (REGION, "us-east-1", True), (REGION, None, False), (REGION, "trail", False),
        ):  # fmt: skip
            scope = stack(region)
            trail = logs.LogGroup(scope, "Trail") if choice == "trail" else "elsewhere"
            hardened.Detection(
                scope, "Detection", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "Alerts"), level="full",
                trail=trail, global_events=choice, dashboard=False, evidence="none",  # type: ignore[arg-type]
            )  # fmt: skip
            notes = [note.data for note in scope.node.find_child("Detection").node.metadata]
            uncounted = [note for note in notes if "EventBridge cannot count" in str(note)]
            assert (len(uncounted) == 1) is said, (region, choice)
            if said:
                assert "never fire: api-denied, console-login-failed. Pass trail=" in uncounted[0]

    def test_events_are_sent_from_their_region(self) -> None:
        scope = stack("us-east-1")
        topic = hardened.alerts.Topic(scope, "Alerts")
        hardened.GlobalEvents(
            scope, "Global", region=REGION, alerts=[topic], break_glass_role_arn=f"arn:aws:iam::{ACCOUNT}:role/bg"
        )
        rules = of(Template.from_stack(scope).to_json(), "AWS::Events::Rule").values()
        assert len(rules) == 2
        for rule in rules:
            assert f":{REGION}:" in json.dumps(rule["Targets"][0]["Arn"]) and rule["Targets"][0]["RoleArn"]
        sent = [rule["EventPattern"] for rule in rules]
        for detection in DETECTIONS:
            if detection.expression(Source.TRAIL_LOG) and "eventbridge" in {e.source for e in detection.expressions}:
                case = CASES[detection.id, Source.EVENTBRIDGE].fires[0]
                local = case["source"] in ("aws.s3", "aws.secretsmanager")
                text = json.dumps(case).replace(BREAK_GLASS, f"arn:aws:iam::{ACCOUNT}:role/bg")
                assert any(event_matches(pattern, json.loads(text)) for pattern in sent) is not local, detection.id
        assert_hardened(scope)

    @pytest.mark.parametrize(
        ("partition", "region", "there"),
        [("aws-us-gov", "us-gov-east-1", "us-gov-west-1"), ("aws-cn", "cn-northwest-1", "cn-north-1")],
    )
    def test_each_partition_has_its_own_region(self, partition: str, region: str, there: str) -> None:
        """`region` is where IAM is in botocore's list of endpoints."""
        listed = botocore.session.get_session().get_component("data_loader").load_data("endpoints")["partitions"]
        (iam,) = [one["services"]["iam"] for one in listed if one["partition"] == partition]
        assert iam["endpoints"][iam["partitionEndpoint"]]["credentialScope"]["region"] == there
        scope = stack(there)
        hardened.GlobalEvents(scope, "Global", region=region, alerts=[hardened.alerts.Topic(scope, "Alerts")])
        with pytest.raises(ConfigurationError, match=f"scope needs a stack in {there}"):
            hardened.GlobalEvents(stack(region), "Global", region=region, alerts=[hardened.alerts.Email("a@b.example")])
        with pytest.raises(ConfigurationError, match="another partition"):
            hardened.GlobalEvents(stack(there), "Global", region=REGION, alerts=[hardened.alerts.Email("a@b.example")])
        watching = stack(region)
        hardened.Detection(
            watching, "Detection", cluster=cluster(watching), alerts=hardened.alerts.Email("a@b.example"),
            trail="elsewhere", dashboard=False, evidence="none",
        )  # fmt: skip
        notes = str([note.data for note in watching.node.find_child("Detection").node.metadata])
        assert f"global_events='{there}'" in notes and "us-east-1" not in notes

    def test_they_are_in_one_region(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            hardened.GlobalEvents(stack(), "Global", region="europe", alerts=["mail"])  # type: ignore[list-item]
        for part in ("us-east-1", "'europe'", "'mail'"):
            assert part in str(caught.value)

    @pytest.mark.parametrize(
        ("home", "region"),
        [("us-gov-west-1", "us-gov-east-1"), ("cn-north-1", "cn-northwest-1"), ("us-iso-east-1", "us-iso-west-1")],
    )
    def test_each_partition_has_its_own(self, home: str, region: str) -> None:
        scope = stack(home)
        hardened.GlobalEvents(scope, "Global", region=region, alerts=[hardened.alerts.Topic(scope, "Alerts")])
        for here, there, said in (
            ("us-east-1", region, "another partition"), (home, "eu-west-1", "another partition"),
            (region, "eu-west-1", home), (home, home, "leave it out"),
        ):  # fmt: skip
            scope = stack(here)
            with pytest.raises(ConfigurationError, match=said):
                hardened.GlobalEvents(
                    scope, "Global", region=there, alerts=[hardened.alerts.nobody(reason="a test of arguments")]
                )

    def test_the_warning_names_the_region_of_the_partition(self) -> None:
        scope = stack("us-gov-east-1")
        hardened.Detection(scope, "Detection", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "Alerts"))
        notes = [str(note.data) for note in scope.node.find_child("Detection").node.metadata]
        assert any("outside us-gov-west-1, so that these never fire: console-login-no-mfa;" in note for note in notes)


class TestMistakes:
    def test_all_at_once_and_nothing_is_made(self) -> None:
        scope = stack()
        watched = cluster(scope)
        with pytest.raises(ConfigurationError) as caught:
            hardened.Detection(
                scope, "Detection", cluster=watched, alerts=[], level="loud", evidence="video",  # type: ignore[arg-type]
                trusted_automation=["deploy", "arn:aws:iam::123456789012:user/ana"], trail="somewhere",  # type: ignore[arg-type]
                global_events="trails", parameters={"cluster": "x", "admin_host": "y", "admin_hosts": ["z"]},  # type: ignore[arg-type]
                exclude=["eks-endpoint-publik"], extra=["mine"], digest_hour=24, archive_retention_days=0,  # type: ignore[list-item]
                dashboard="yes", runbook_url="http://x", watched_roles=["arn:aws:iam::1:role/n"],  # type: ignore[arg-type]
            )  # fmt: skip
        text = str(caught.value)
        for part in (
            "nobody(reason=", "'loud'", "'video'", "'deploy'", "user/ana", "'somewhere'", "'trails'", "'cluster'",
            "admin_host", "admin_hosts[0]", "extra needs", "digest_hour", "archive_retention_days", "dashboard", "'http://x'",
            "pass 'n'",
        ):  # fmt: skip
            assert part in text, part
        assert scope.node.try_find_child("Detection") is None

    def test_an_unknown_detection_is_named_with_what_was_meant(self) -> None:
        scope = stack()
        with pytest.raises(ConfigurationError, match="did you mean 'eks-endpoint-public'"):
            hardened.Detection(
                scope, "Detection", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "A"),
                exclude=["eks-endpoint-publik"],
            )  # fmt: skip

    def test_another_region(self) -> None:
        scope = stack()
        there = cdk.Stack(scope.node.scope, "There", env=cdk.Environment(account=ACCOUNT, region="us-west-2"))
        with pytest.raises(ConfigurationError, match="us-west-2, and this stack in eu-west-1"):
            hardened.Detection(scope, "Detection", cluster=cluster(there), alerts=hardened.alerts.Topic(scope, "A"))

    def test_what_only_the_app_shows_is_said_together(self) -> None:
        """A topic whose key nobody sees, a log group without filters and a cluster elsewhere, beside a wrong word."""
        scope = stack()
        there = cdk.Stack(scope.node.scope, "There", env=cdk.Environment(account=ACCOUNT, region="us-west-2"))
        group = logs.LogGroup(
            there, "Logs", log_group_name="/aws/eks/payments/cluster",
            log_group_class=logs.LogGroupClass.INFREQUENT_ACCESS,
        )  # fmt: skip
        made = hardened.Cluster(
            there, "New", name="payments", version="1.36", log_group=group,
            network=hardened.Network(there, "Network", availability_zones=["us-west-2a", "us-west-2b"]),  # type: ignore[arg-type]
        )  # fmt: skip
        unseen = sns.Topic.from_topic_arn(scope, "Unseen", f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts")
        with pytest.raises(ConfigurationError) as caught:
            hardened.Detection(scope, "Detection", cluster=made, alerts=[unseen], level="loud")  # type: ignore[arg-type]
        text = str(caught.value)
        for part in (
            "Watch/Unseen, whose key cannot be seen",
            "us-west-2, and this stack in eu-west-1",
            "INFREQUENT_ACCESS",
            "'loud'",
        ):
            assert part in text, part
        assert scope.node.try_find_child("Detection") is None

    def test_mistakes_in_detections_of_your_own(self) -> None:
        """Each would be a rule that AWS refuses, or a filter that never fires."""
        scope, good = stack(), EventPattern(pattern={"source": ["aws.x"]})

        def own(id_: str, *expressions: Any, severity: Any = Severity.HIGH) -> Detection:
            return Detection(
                id=id_, title="T", severity=severity, default=True, why="W.", first=("F.",), expressions=expressions,
                false_positives="None.", technique="",
            )  # fmt: skip

        bad = [
            own("Mine", good), own("loud", good, severity="urgent"), own("empty"), own("same", good), own("same", good),
            own("both", good, good), own("bare", EventPattern(pattern={"detail": {"a": "b"}, "source": []})),
            own("nothing", EventPattern(pattern={"$or": [{"a": [1]}, {}]})),
            own("open", MetricFilter(source=Source.AUDIT_LOG, pattern='{ $.a = "<nope>"')),
        ]  # fmt: skip
        with pytest.raises(ConfigurationError) as caught:
            hardened.Detection(
                scope, "Own", cluster=cluster(scope), alerts=hardened.alerts.Topic(scope, "A"), extra=bad,
                trail="elsewhere",
            )  # fmt: skip
        for part in (
            "the ID 'Mine'", "loud: severity needs one of critical, high, medium, low, got 'urgent'",
            "empty: expressions needs", "'same' twice", "both: expressions has eventbridge twice",
            "bare: pattern.detail.a needs a list of values, such as ['b']", "bare: pattern.source needs a value",
            "nothing: pattern.$or[1] needs a mapping", "open: <nope> is not a parameter", "open: pattern",
        ):  # fmt: skip
            assert part in str(caught.value), part
        assert scope.node.try_find_child("Own") is None

    def test_what_the_catalogue_has_is_accepted_under_another_id(self) -> None:
        assert list(own_problems([replace(one, id=f"my-{one.id}") for one in DETECTIONS])) == []

    def test_a_log_group_without_metric_filters(self) -> None:
        scope = stack()
        group = logs.LogGroup(
            scope,
            "Logs",
            log_group_name="/aws/eks/payments/cluster",
            log_group_class=logs.LogGroupClass.INFREQUENT_ACCESS,
        )
        made = hardened.Cluster(
            scope, "New", name="payments", version="1.36", log_group=group,
            network=hardened.Network(scope, "Network", availability_zones=["eu-west-1a", "eu-west-1b"]),  # type: ignore[arg-type]
        )  # fmt: skip
        with pytest.raises(ConfigurationError, match="INFREQUENT_ACCESS"):
            hardened.Detection(scope, "Detection", cluster=made, alerts=hardened.alerts.Topic(scope, "A"))

    @pytest.mark.parametrize("by", ["group", "trail"])
    def test_a_trail_whose_log_group_has_no_metric_filters(self, by: str) -> None:
        scope = stack()
        alerts = hardened.alerts.Topic(scope, "A")
        group = logs.LogGroup(scope, "Calls", log_group_class=logs.LogGroupClass.INFREQUENT_ACCESS)
        trail: Any = group
        if by == "trail":
            trail = cloudtrail.Trail(scope, "T", send_to_cloud_watch_logs=True, cloud_watch_log_group=group)
        watched = cluster(scope)
        with pytest.raises(ConfigurationError, match="trail's log group has class INFREQUENT_ACCESS"):
            hardened.Detection(scope, "Detection", cluster=watched, alerts=alerts, trail=trail)
        for wrong, message in ((group, "has class INFREQUENT_ACCESS"), ("/aws/x", "needs a log group")):
            with pytest.raises(ConfigurationError, match=f"containers_log_group {message}"):
                hardened.Detection(
                    scope,
                    "Containers",
                    cluster=watched,
                    alerts=alerts,
                    containers_log_group=wrong,  # type: ignore[arg-type]
                )
        hardened.Detection(scope, "Others", cluster=watched, alerts=alerts, trail=trail, global_events="none")


class TestManagedDetectors:
    def test_guardduty_watches_and_manages_no_agent_on_eks(self, tmp_path: Path) -> None:
        scope = stack()
        quiet = hardened.Suppression(
            name="node-agents", types=["PrivilegeEscalation:Kubernetes/PrivilegedContainer"],
            image_prefixes=["123456789012.dkr.ecr.eu-west-1.amazonaws.com/agents"], reason="Our agents read /proc.",
        )  # fmt: skip
        made = hardened.ManagedDetectors(scope, "Managed", suppress=[quiet], security_hub=True)
        found = Template.from_stack(scope).to_json()
        (detector,) = of(found, "AWS::GuardDuty::Detector").values()
        (runtime,) = [f for f in detector["Features"] if f["Name"] == "RUNTIME_MONITORING"]
        agents = {a["Name"]: a["Status"] for a in runtime["AdditionalConfiguration"]}
        assert agents == {"EKS_ADDON_MANAGEMENT": "DISABLED", "EC2_AGENT_MANAGEMENT": "ENABLED"}
        assert detector["FindingPublishingFrequency"] == "FIFTEEN_MINUTES"
        (quieted,) = of(found, "AWS::GuardDuty::Filter").values()
        assert quieted["Action"] == "ARCHIVE" and made.detector_id
        assert len(of(found, "AWS::SecurityHub::Hub")) == len(of(found, "AWS::AccessAnalyzer::Analyzer")) == 1
        written = tmp_path / "template.json"
        written.write_text(json.dumps(found))
        assert lint(written) == (0, ""), "no reference stack has the construct, so no other test compares it with AWS"

    def test_a_detector_can_be_brought(self) -> None:
        scope = stack()
        made = hardened.ManagedDetectors(scope, "Managed", detector="12abc34d567e8fa901bc2d34e56789f0")
        assert made.detector_id == "12abc34d567e8fa901bc2d34e56789f0"
        assert not of(Template.from_stack(scope).to_json(), "AWS::GuardDuty::Detector")

    def test_mistakes(self) -> None:
        bad = hardened.Suppression(name="x", types="all", image_prefixes=[], reason=" ")
        with pytest.raises(ConfigurationError) as caught:
            hardened.ManagedDetectors(stack(), "Managed", detector=None, suppress=[bad, bad], access_analyzer="y")  # type: ignore[arg-type]
        for part in (
            "name of a suppression",
            "types of",
            "image_prefixes",
            "reason of",
            "needs a detector",
            "twice",
            "'y'",
        ):
            assert part in str(caught.value), part


def test_every_channel_takes_what_is_told() -> None:
    """The longest message fits into every vendor's template."""
    from tests.alerts.built import ALL

    assert len(DETECTIONS) > 90
    for name, channel in ALL.items():
        scope = stack()
        hardened.Detection(scope, "Detection", cluster=cluster(scope), alerts=channel, level="full", trail="elsewhere")
        assert scope.node.try_find_child("Detection") is not None, name
