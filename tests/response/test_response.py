"""What a response may do, what starts it, and what it refuses to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import cdk_nag
import cfnlint.api
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks import response
from hardened_eks.errors import ConfigurationError
from hardened_eks.testing import assert_hardened
from tests.access.creator_stacks import REGION, arn, iam_arn, resolve
from tests.iam import Policies, Request, evaluate
from tests.linting import READS_THE_CALENDAR
from tests.response import stacks

CLUSTER = arn("eks", "cluster/ledger")
OTHER = arn("eks", "cluster/other")
NODE, FOREIGN = (
    {"aws:ResourceTag/kubernetes.io/cluster/ledger": "owned"},
    {"aws:ResourceTag/kubernetes.io/cluster/other": "owned"},
)
QUARANTINE = "hardened-eks:quarantine"
LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
EVERYWHERE = {
    "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
    "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    "ec2:DescribeInstances", "autoscaling:DescribeAutoScalingInstances",
}  # fmt: skip
"""Actions that know no resource (hardened_eks/data/actions.json)."""


@pytest.fixture(scope="module")
def templates() -> dict[str, dict[str, Any]]:
    assembly = stacks.app().synth()
    return {name: assembly.get_stack_by_name(name).template for name in stacks.STACKS}


def resolved(value: Any) -> Any:
    """Render what CloudFormation would; imports and attributes become readable names."""
    if isinstance(value, dict) and set(value) == {"Fn::ImportValue"}:
        text = str(value["Fn::ImportValue"])
        if "ClusterResource" in text and "Arn" in text:
            return CLUSTER
        if "Vpc" in text:
            return "vpc-ledger"
        return arn("kms", "key/volumes") if "Volumes" in text else text
    if isinstance(value, dict) and set(value) == {"Fn::GetAtt"}:
        logical, attribute = value["Fn::GetAtt"]
        return f"{attribute}-of-{logical}"
    if isinstance(value, dict) and set(value) == {"Fn::Join"}:
        return value["Fn::Join"][0].join(str(resolved(part)) for part in value["Fn::Join"][1])
    if isinstance(value, dict):
        return resolve(value) if set(value) == {"Ref"} else {key: resolved(item) for key, item in value.items()}
    return [resolved(item) for item in value] if isinstance(value, list) else value


def policy(templates: dict[str, dict[str, Any]], stack: str, action: str) -> dict[str, Any]:
    (found,) = [
        resource["Properties"]["PolicyDocument"]
        for name, resource in templates[stack]["Resources"].items()
        if name.startswith(f"Response{action}RolePolicy")
    ]
    return resolved(found)  # type: ignore[no-any-return]


def machines(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the definitions by action."""
    found = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            found[name.removeprefix("Response").partition("Machine")[0]] = json.loads(
                resolved(resource["Properties"]["DefinitionString"])
            )
    return found


class Rights:
    """What the role of one response may do."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def may(self, action: str, resource: str, **context: Any) -> bool:
        asked = Request(action=action, resource=resource, context={"aws:RequestedRegion": REGION, **context})
        return bool(evaluate(asked, Policies(identity=[self.document])))


def calls(states: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for state in states.values():
        resource = state.get("Resource", "")
        if ":aws-sdk:" in resource:
            service, action = resource.rsplit(":", 2)[1:]
            yield service, action[0].upper() + action[1:]
        if "ItemProcessor" in state:
            yield from calls(state["ItemProcessor"]["States"])


ALL = [(stack, action) for stack, actions in {
    "Settings": ("CloseEndpoint", "RestoreLogging"),
    "Images": ("QuarantineImage",),
    "Evidence": ("QuarantineNode", "RevokeSessions"),
    "Dry": ("CloseEndpoint", "RestoreLogging", "QuarantineNode", "RevokeSessions", "QuarantineImage"),
    "Asked": ("CloseEndpoint",),
}.items() for action in actions]  # fmt: skip


class TestRights:
    @pytest.mark.parametrize(("stack", "action"), ALL)
    def test_every_statement_is_bounded(self, templates: dict[str, Any], stack: str, action: str) -> None:
        """By a resource of this cluster, by a condition, or because the action knows no resource."""
        for statement in policy(templates, stack, action)["Statement"]:
            resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            for resource in resources:
                if resource == "*":
                    assert set(actions) <= EVERYWHERE, statement
                elif resource.endswith("*") and statement["Sid"] != "ReadVolumes":
                    assert statement["Condition"], statement

    @pytest.mark.parametrize(("stack", "action"), ALL)
    def test_it_has_what_it_calls_and_no_other_action(self, templates: dict[str, Any], stack: str, action: str) -> None:
        names = {"ReEncrypt": "ReEncrypt*"}
        called = {f"{service}:{name}" for service, name in calls(machines(templates[stack])[action]["States"])}
        allowed = set()
        for statement in policy(templates, stack, action)["Statement"]:
            allowed |= {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])
        own = {a for a in allowed if a.startswith(("kms:", "logs:", "xray:"))} | {"events:PutEvents"}
        tagging = {"ec2:CreateTags"} if "ec2:CreateSnapshots" in called else set()
        assert names and called - allowed == set()
        assert (
            allowed - own - called - tagging == set()
            if action not in {"CloseEndpoint", "RestoreLogging"} or stack != "Dry"
            else (allowed - own - called == {"eks:DescribeUpdate"})
        )

    def test_a_dry_run_can_only_read(self, templates: dict[str, Any]) -> None:
        reading = re.compile(r"\w+:(Describe|List|Get)\w+")
        for action, definition in machines(templates["Dry"]).items():
            assert all(reading.fullmatch(f"{s}:{name}") for s, name in calls(definition["States"])), action
            for statement in policy(templates, "Dry", action)["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                if statement.get("Sid") not in {"DeliverLogs", "Trace"} and actions[0] not in {
                    "events:PutEvents",
                    "kms:Decrypt",
                }:
                    assert all(reading.fullmatch(one) for one in actions), statement

    def test_close_endpoint(self, templates: dict[str, Any]) -> None:
        rights = Rights(policy(templates, "Settings", "CloseEndpoint"))
        update, closed = (
            "eks:UpdateClusterConfig",
            {"eks:endpointPublicAccess": "false", "eks:endpointPrivateAccess": "true"},
        )
        assert rights.may(update, CLUSTER, **closed)
        assert not rights.may(update, OTHER, **closed)
        assert not rights.may(update, CLUSTER, **{"eks:endpointPublicAccess": "true"})
        assert not rights.may(update, CLUSTER, **{"eks:loggingType/audit": "false"})
        assert not rights.may(update, CLUSTER, **{"eks:deletionProtection": "false"})
        assert not rights.may("eks:DescribeCluster", OTHER)
        assert not rights.may("eks:DeleteCluster", CLUSTER)

    def test_restore_logging(self, templates: dict[str, Any]) -> None:
        rights = Rights(policy(templates, "Settings", "RestoreLogging"))
        on = {f"eks:loggingType/{kind}": "true" for kind in LOGS}
        assert rights.may("eks:UpdateClusterConfig", CLUSTER, **on)
        assert not rights.may("eks:UpdateClusterConfig", OTHER, **on)
        for kind in LOGS:
            assert not rights.may("eks:UpdateClusterConfig", CLUSTER, **{**on, f"eks:loggingType/{kind}": "false"})
        assert not rights.may("eks:UpdateClusterConfig", CLUSTER, **{"eks:endpointPublicAccess": "true"})

    @pytest.mark.parametrize("action", ["ModifyInstanceAttribute", "CreateSnapshots"])
    def test_nodes_of_this_cluster(self, templates: dict[str, Any], action: str) -> None:
        rights, instance = Rights(policy(templates, "Evidence", "QuarantineNode")), arn("ec2", "instance/i-1")
        assert rights.may(f"ec2:{action}", instance, **NODE)
        for tags in (FOREIGN, {}, {"aws:ResourceTag/kubernetes.io/cluster/ledger": "shared"}):
            assert not rights.may(f"ec2:{action}", instance, **tags)
        assert not rights.may("ec2:TerminateInstances", instance, **NODE)

    def test_marks_of_nodes(self, templates: dict[str, Any]) -> None:
        """Its own tag and no other: the tag of a cluster would make a node of any machine."""
        rights, instance = Rights(policy(templates, "Evidence", "QuarantineNode")), arn("ec2", "instance/i-1")
        assert rights.may("ec2:CreateTags", instance, **NODE, **{"aws:TagKeys": [QUARANTINE]})
        assert not rights.may("ec2:CreateTags", instance, **FOREIGN, **{"aws:TagKeys": [QUARANTINE]})
        assert not rights.may("ec2:CreateTags", instance, **NODE, **{"aws:TagKeys": [QUARANTINE, "Name"]})
        assert not rights.may("ec2:CreateTags", instance, **{"aws:TagKeys": ["kubernetes.io/cluster/ledger"]})
        snapshot = f"arn:aws:ec2:{REGION}::snapshot/s-1"
        assert rights.may("ec2:CreateTags", snapshot, **{"ec2:CreateAction": "CreateSnapshots"})
        assert not rights.may("ec2:CreateTags", snapshot)
        assert rights.may("ec2:CreateSnapshots", snapshot, **{f"aws:RequestTag/{QUARANTINE}": "x"})
        assert not rights.may("ec2:CreateSnapshots", snapshot)

    def test_groups_of_machines(self, templates: dict[str, Any]) -> None:
        rights = Rights(policy(templates, "Evidence", "QuarantineNode"))
        group = arn("autoscaling", "autoScalingGroup:u:autoScalingGroupName/workers")
        assert rights.may("autoscaling:DetachInstances", group, **NODE)
        assert not rights.may("autoscaling:DetachInstances", group, **FOREIGN)
        assert not rights.may("autoscaling:SetDesiredCapacity", group, **NODE)

    def test_interfaces_move_into_quarantine_only(self, templates: dict[str, Any]) -> None:
        rights, move = Rights(policy(templates, "Evidence", "QuarantineNode")), "ec2:ModifyNetworkInterfaceAttribute"
        interface = arn("ec2", "network-interface/eni-1")
        assert rights.may(move, interface, **{"ec2:Vpc": arn("ec2", "vpc/vpc-ledger")})
        assert not rights.may(move, interface, **{"ec2:Vpc": arn("ec2", "vpc/vpc-other")})
        assert not rights.may(move, interface)
        groups = [
            arn("ec2", f"security-group/GroupId-of-{name}")
            for name, resource in templates["Evidence"]["Resources"].items()
            if resource["Type"] == "AWS::EC2::SecurityGroup"
        ]
        assert [rights.may(move, group) for group in groups] == [True, True]
        assert not rights.may(move, arn("ec2", "security-group/sg-other"))
        isolation, transit = sorted(groups, key=lambda one: "Untracking" in one)
        for verb in ("Authorize", "Revoke"):
            for direction in ("Ingress", "Egress"):
                assert rights.may(f"ec2:{verb}SecurityGroup{direction}", transit)
                assert not rights.may(f"ec2:{verb}SecurityGroup{direction}", isolation)

    def test_key_of_volumes(self, templates: dict[str, Any]) -> None:
        rights, key = Rights(policy(templates, "Evidence", "QuarantineNode")), arn("kms", "key/volumes")
        through = {"kms:ViaService": f"ec2.{REGION}.amazonaws.com"}
        assert rights.may("kms:Decrypt", key, **through)
        assert rights.may("kms:Decrypt", key, **{"kms:ViaService": f"ec2.{REGION}.amazonaws.com.cn"})
        assert not rights.may("kms:Decrypt", key, **{"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
        assert not rights.may("kms:Decrypt", key)
        assert not rights.may("kms:Decrypt", arn("kms", "key/other"), **through)
        assert not rights.may("kms:CreateGrant", key, **through)
        assert rights.may("kms:CreateGrant", key, **through, **{"kms:GrantIsForAWSResource": "true"})

    def test_roles_given(self, templates: dict[str, Any]) -> None:
        rights = Rights(policy(templates, "Evidence", "RevokeSessions"))
        assert rights.may("iam:PutRolePolicy", iam_arn("role/ledger-app"))
        for other in ("ledger-app2", "other", "path/ledger-app"):
            assert not rights.may("iam:PutRolePolicy", iam_arn(f"role/{other}"))
        assert not rights.may("iam:AttachRolePolicy", iam_arn("role/ledger-app"))
        assert not rights.may("iam:DeleteRolePolicy", iam_arn("role/ledger-app"))

    def test_repositories_given(self, templates: dict[str, Any]) -> None:
        rights = Rights(policy(templates, "Images", "QuarantineImage"))
        assert rights.may("ecr:UpdateImageStorageClass", arn("ecr", "repository/ledger/api"))
        assert not rights.may("ecr:UpdateImageStorageClass", arn("ecr", "repository/ledger/api2"))
        assert not rights.may("ecr:BatchDeleteImage", arn("ecr", "repository/ledger/api"))

    def test_reports_are_its_own(self, templates: dict[str, Any]) -> None:
        bus = arn("events", "event-bus/default")
        for stack, action in ALL:
            rights = Rights(policy(templates, stack, action))
            own = {"events:source": "hardened-eks", "events:detail-type": "hardened-eks report"}
            assert rights.may("events:PutEvents", bus, **own)
            assert not rights.may("events:PutEvents", bus, **{**own, "events:source": "aws.guardduty"})

    def test_the_approver(self, templates: dict[str, Any]) -> None:
        resources = templates["Asked"]["Resources"]
        (role,) = [
            r for n, r in resources.items() if n.startswith("ResponseApproverRole") and r["Type"] == "AWS::IAM::Role"
        ]
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"AWS": [f"{stacks.ROLES}/security"]}
        (document,) = [r for n, r in resources.items() if n.startswith("ResponseApproverRolePolicy")]
        rights = Rights(resolved(document["Properties"]["PolicyDocument"]))
        (activity,) = [n for n, r in resources.items() if r["Type"] == "AWS::StepFunctions::Activity"]
        assert rights.may("states:GetActivityTask", activity)
        assert not rights.may("states:GetActivityTask", arn("states", "activity:other"))
        assert not rights.may("states:StartExecution", "*")


class TestStructure:
    def test_only_the_state_machine_takes_its_role(self, templates: dict[str, Any]) -> None:
        resources = templates["Evidence"]["Resources"]
        machines = {n: resolved(r["Properties"]["StateMachineName"]) for n, r in resources.items()
                    if r["Type"] == "AWS::StepFunctions::StateMachine"}  # fmt: skip
        assert len(set(machines.values())) == len(machines) == 2
        for name, machine in machines.items():
            role = resources[resources[name]["Properties"]["RoleArn"]["Fn::GetAtt"][0]]
            (trust,) = resolved(role["Properties"]["AssumeRolePolicyDocument"])["Statement"]
            assert trust["Principal"] == {"Service": "states.amazonaws.com"}
            assert trust["Condition"]["ArnEquals"] == {"aws:SourceArn": arn("states", f"stateMachine:{machine}")}

    def test_everything_is_logged_and_encrypted(self, templates: dict[str, Any]) -> None:
        for stack in stacks.STACKS[1:]:
            resources = templates[stack]["Resources"]
            (key,) = [n for n, r in resources.items() if r["Type"] == "AWS::KMS::Key"]
            (group,) = [(n, r) for n, r in resources.items() if r["Type"] == "AWS::Logs::LogGroup"]
            assert "Logs" in str(group[1]["Properties"]["KmsKeyId"]) and group[1]["DeletionPolicy"] == "Retain"
            for resource in resources.values():
                properties = resource.get("Properties", {})
                if resource["Type"] == "AWS::StepFunctions::StateMachine":
                    assert properties["LoggingConfiguration"]["Level"] == "ALL"
                    assert group[0] in str(properties["LoggingConfiguration"])
                if resource["Type"].startswith("AWS::StepFunctions::"):
                    assert key in str(properties["EncryptionConfiguration"])

    def test_the_isolation_group_has_no_rules(self, templates: dict[str, Any]) -> None:
        groups = [r for r in templates["Evidence"]["Resources"].values() if r["Type"] == "AWS::EC2::SecurityGroup"]
        assert len(groups) == 2
        for group in groups:
            assert "SecurityGroupIngress" not in group["Properties"]
            (egress,) = group["Properties"]["SecurityGroupEgress"]
            assert egress["CidrIp"] == "255.255.255.255/32"

    def test_definitions_are_whole(self, templates: dict[str, Any]) -> None:
        """Every state that is named exists, and every state is reached."""
        for stack in stacks.STACKS[1:]:
            for action, definition in machines(templates[stack]).items():
                states = definition["States"]
                named = {definition["StartAt"]} | set(
                    re.findall(r'"(?:Next|Default)": "(\w+)"', json.dumps(list(map(_outer, states.values()))))
                )
                assert named == set(states), (stack, action, named ^ set(states))

    def test_definitions_are_valid(self, templates: dict[str, Any]) -> None:
        """cfn-lint knows the schema of the language, and reads it where no reference is left in the text."""
        found = {}
        for stack in stacks.STACKS[1:]:
            for action, definition in machines(templates[stack]).items():
                text = re.sub(
                    r'"ResponseCloseEndpointApproval\w+"', f'"{arn("states", "activity:a")}"', json.dumps(definition)
                )
                properties = {"RoleArn": iam_arn("role/r"), "DefinitionString": text}
                found[f"{stack}{action}"] = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
        settings = cfnlint.api.ManualArgs(regions=[REGION], ignore_checks=[*READS_THE_CALENDAR])
        assert cfnlint.api.lint(json.dumps({"Resources": found}), config=settings) == []
        first = next(iter(found.values()))["Properties"]
        first["DefinitionString"] = first["DefinitionString"].replace('"Type": "Succeed"', '"Type": "Sucked"')
        assert cfnlint.api.lint(json.dumps({"Resources": found}), config=settings)

    def test_approval_comes_before_every_change(self, templates: dict[str, Any]) -> None:
        states = machines(templates["Asked"])["CloseEndpoint"]["States"]
        assert states["IsItADryRun"]["Default"] == "AskForApproval"
        into = [name for name, state in states.items() if '"UpdateCluster"' in json.dumps(_outer(state))]
        assert into == ["WaitForApproval"]

    def test_failures_are_told(self, templates: dict[str, Any]) -> None:
        for stack in ("Settings", "Evidence"):
            resources = templates[stack]["Resources"].values()
            alarms = [r for r in resources if r["Type"] == "AWS::CloudWatch::Alarm"]
            assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms)
            machines = [r for r in resources if r["Type"] == "AWS::StepFunctions::StateMachine"]
            assert sum("ExecutionsTimedOut" in str(alarm) for alarm in alarms) == len(machines)
            rules = [r for r in resources if r["Type"] == "AWS::Events::Rule"]
            targets = [target for rule in rules for target in rule["Properties"]["Targets"]]
            assert targets and all(target["DeadLetterConfig"] for target in targets)
            assert sum(str(alarm).count("FailedInvocations") for alarm in alarms) == len(rules)

    def test_off_by_default(self) -> None:
        assert [one.triggers for one in (
            response.QuarantineNode(), response.RevokeSessions(roles=["r"]), response.QuarantineImage(repositories=["r"]),
        )] == [(), (), ()]  # fmt: skip


def _outer(state: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in state.items() if key != "ItemProcessor"}


def test_our_checks_find_nothing(templates: dict[str, Any]) -> None:
    assert_hardened(*templates.values(), scope="all")


def test_the_packs_find_nothing() -> None:
    app = stacks.app()
    packs = (
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.PCIDSS321Checks,
    )
    cdk.Validations.of(app).add_plugins(*(pack() for pack in packs))
    app.synth()


def test_a_cluster_created_elsewhere() -> None:
    stack = cdk.Stack(cdk.App(), "Imported")
    vpc: dict[str, Any] = {"vpc_id": "vpc-1", "availability_zones": ["a", "b"], "isolated_subnet_ids": ["s-1", "s-2"]}
    cluster = hardened.ImportedCluster(stack, "C", name="ledger", vpc=ec2.Vpc.from_vpc_attributes(stack, "V", **vpc))
    made = hardened.Response(
        stack, "R", cluster=cluster, alerts=hardened.alerts.nobody(reason="a test"), actions=[response.QuarantineNode()],
        mode="run",
    )  # fmt: skip
    template = Template.from_stack(stack)
    assert list(made.state_machine_arns) == ["quarantine-node"]
    assert made.approver_role is None
    (machine,) = template.find_resources("AWS::StepFunctions::StateMachine").values()
    assert "kubernetes.io/cluster/ledger" in str(machine["Properties"]["DefinitionString"])
    template.has_resource_properties("AWS::EC2::SecurityGroup", {"VpcId": "vpc-1"})


class TestBadInput:
    def test_all_mistakes_at_once(self) -> None:
        stack = cdk.Stack(cdk.App(), "Bad")
        with pytest.raises(ConfigurationError) as caught:
            hardened.Response(
                stack,
                "Response",
                cluster="ledger",  # type: ignore[arg-type]
                alerts="topic",  # type: ignore[arg-type]
                actions=[
                    response.CloseEndpoint(triggers=("eks-logging-disabled",)),
                    response.CloseEndpoint(),
                    response.RevokeSessions(roles=["*"]),
                    response.QuarantineImage(repositories=["UPPER"], triggers="ecr-scan"),  # type: ignore[arg-type]
                    "close-endpoint",  # type: ignore[list-item]
                ],
                mode="live",
                approval=response.Approval(approvers=[], hours=0),
                trusted_automation=["arn:aws:iam::123456789012:root"],
                send_reports="no",  # type: ignore[arg-type]
                log_retention_days=2,
            )
        found = "\n".join(caught.value.problems)
        for part in (
            "cluster needs a Cluster, got 'ledger'", "alerts needs an alert channel", "mode needs dry-run or run, got 'live'",
            "CloseEndpoint.triggers cannot be 'eks-logging-disabled'; it can be started by eks-endpoint-public, eks-end",
            "actions has CloseEndpoint twice", "RevokeSessions.roles needs the ARN of a role", "needs names such as",
            "QuarantineImage.triggers needs a list of detections, got 'ecr-scan'", "got 'close-endpoint'",
            "approval.hours needs 1 to 168, got 0", "approval.approvers needs a list", "trusted_automation names the whole",
            "send_reports needs True or False, got 'no'", "log_retention_days needs",
        ):  # fmt: skip
            assert part in found, part
        assert not stack.node.children

    def test_clusters_that_it_cannot_act_on(self) -> None:
        app = cdk.App()
        stack = cdk.Stack(app, "Here", env=cdk.Environment(region="eu-west-1"))
        elsewhere = cdk.Stack(app, "There", env=cdk.Environment(region="eu-north-1"))
        vpc = {"vpc_id": "vpc-1", "availability_zones": ["a", "b"], "isolated_subnet_ids": ["s-1", "s-2"]}
        there = hardened.ImportedCluster(
            elsewhere,
            "C",
            name="ledger",
            vpc=ec2.Vpc.from_vpc_attributes(elsewhere, "V", **vpc),  # type: ignore[arg-type]
        )
        bare = hardened.ImportedCluster(stack, "Bare", name="ledger")
        for cluster, why in (
            (there, "cluster is in the Region eu-north-1, and this stack in eu-west-1"),
            (bare, "network"),
        ):
            with pytest.raises(ConfigurationError, match=why):
                hardened.Response(
                    stack,
                    "R",
                    cluster=cluster,
                    alerts=hardened.alerts.nobody(reason="a test"),
                    actions=[response.CloseEndpoint()],
                )

    @pytest.mark.parametrize("actions", [[], None, "close-endpoint", response.CloseEndpoint()])
    def test_no_actions(self, actions: Any) -> None:
        stack = cdk.Stack(cdk.App(), "Bad")
        with pytest.raises(ConfigurationError, match="actions needs a list of at least one action"):
            hardened.Response(stack, "Response", cluster=None, alerts=None, actions=actions)  # type: ignore[arg-type]
