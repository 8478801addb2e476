"""Each response against the emulated account: what it changes, what it leaves, what it says; and what starts it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.detections import events
from tests.detections.findings_cases import guardduty, inspected

from tests.emulator.conftest import Account
from tests.emulator.observing import Inbox, eventually, observe
from tests.emulator.service import ACCOUNT, REGION
from tests.response import stacks

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


@pytest.fixture(scope="module")
def templates() -> dict[str, dict[str, Any]]:
    assembly = stacks.app().synth()
    return {name: assembly.get_stack_by_name(name).template for name in stacks.STACKS}


class Responses:
    """The responses of a deployed stack, and an inbox with all their reports."""

    def __init__(self, account: Account, templates: dict[str, dict[str, Any]]) -> None:
        self.account = account
        self.ids = {name: account.deploy(name, template) for name, template in templates.items()}
        queue = account.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
        self.queue = queue
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"
        allow = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{**allow, "Resource": arn}]})
        account.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
        pattern = json.dumps({"source": ["hardened-eks"]})
        account.client("events").put_rule(Name="inbox", EventPattern=pattern)
        account.client("events").put_targets(Rule="inbox", Targets=[{"Id": "q", "Arn": arn}])

    def machine(self, stack: str, action: str) -> str:
        (found,) = [v for k, v in self.ids[stack].items() if k.startswith(f"Response{action}Machine")]
        return found

    def start(self, response: str, action: str, **given: Any) -> str:
        sfn = self.account.client("stepfunctions")
        arn = self.machine(response, action)
        return sfn.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]  # type: ignore[no-any-return]

    def end(self, execution: str, seconds: float = 30) -> dict[str, Any]:
        sfn = self.account.client("stepfunctions")
        deadline = time.monotonic() + seconds
        while (found := sfn.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < deadline, sfn.get_execution_history(executionArn=execution)["events"][-4:]
            time.sleep(0.05)
        return found

    def run(self, response: str, action: str, **given: Any) -> dict[str, Any]:
        """Start a response, wait, and return its one report."""
        self.reports()
        found = self.end(self.start(response, action, **given))
        assert found["status"] == "SUCCEEDED", (found.get("error"), found.get("cause"))
        (report,) = eventually(self.reports)
        return report

    def reports(self) -> list[dict[str, Any]]:
        sqs, found = self.account.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                found.append(json.loads(message["Body"])["detail"])
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def executions(self, response: str, action: str) -> list[dict[str, Any]]:
        listed = self.account.client("stepfunctions").list_executions(stateMachineArn=self.machine(response, action))
        return listed["executions"]  # type: ignore[no-any-return]

    def cluster(self) -> dict[str, Any]:
        found = self.account.client("eks").describe_cluster(name=stacks.CLUSTER)["cluster"]
        return {key: value for key, value in found.items() if key != "createdAt"}

    def update(self, **change: Any) -> None:
        eks = self.account.client("eks")
        eks.update_cluster_config(name=stacks.CLUSTER, **change)
        deadline = time.monotonic() + 10
        while self.cluster()["status"] != "ACTIVE":
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="module")
def responses(emulator: str, templates: dict[str, dict[str, Any]]) -> Iterator[Responses]:
    account = Account(emulator)
    account.reset()
    yield Responses(account, templates)


def opened(responses: Responses) -> dict[str, Any]:
    if not responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"]:
        responses.update(resourcesVpcConfig={"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]})
    return responses.cluster()


class TestCloseEndpoint:
    def test_dry_run(self, responses: Responses) -> None:
        before = opened(responses)
        report = responses.run("Dry", "CloseEndpoint")
        assert report["severity"] == "medium" and report["text"].startswith("Dry run. It would close the public")
        assert responses.cluster() == before

    def test_a_dry_run_asked_for(self, responses: Responses) -> None:
        before = opened(responses)
        for asked in (True, "yes", "False", None):
            report = responses.run("Settings", "CloseEndpoint", dryRun=asked)
            assert "Dry run" in report["text"], asked
        assert responses.cluster() == before

    def test_run_and_again(self, responses: Responses) -> None:
        before = opened(responses)
        report = responses.run("Settings", "CloseEndpoint", reason="game day", dryRun=False)
        assert (report["severity"], report["cluster"], report["detection"]) == ("high", "ledger", "manual")
        assert re.fullmatch(r"ledger/close-endpoint/[0-9A-Za-z-]+/high", report["key"])
        assert "The public endpoint of ledger is closed. Started by hand: game day" in report["text"]
        before["resourcesVpcConfig"] |= {"endpointPublicAccess": False}
        assert responses.cluster() == before
        updates = responses.account.client("eks").list_updates(name="ledger")["updateIds"]
        first, report = report["key"], responses.run("Settings", "CloseEndpoint")
        assert (report["severity"], report["title"][-13:]) == ("low", "nothing to do")
        assert report["key"].split("/")[2] != first.split("/")[2], "each execution is an incident of its own"
        assert responses.account.client("eks").list_updates(name="ledger")["updateIds"] == updates

    def test_it_waits_for_an_update_that_runs(self, responses: Responses) -> None:
        opened(responses)
        responses.account.client("eks").update_cluster_config(
            name="ledger", zonalShiftConfig={"enabled": not responses.cluster()["zonalShiftConfig"]["enabled"]}
        )
        responses.run("Settings", "CloseEndpoint")
        assert responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"] is False


class TestRestoreLogging:
    @pytest.mark.parametrize("off", [["audit"], LOGS])
    def test_run_and_again(self, responses: Responses, off: list[str]) -> None:
        before = responses.cluster()
        responses.update(logging={"clusterLogging": [{"types": off, "enabled": False}]})
        changed = responses.cluster()
        assert "switch these control-plane logs" in responses.run("Dry", "RestoreLogging")["text"]
        assert responses.cluster() == changed != before
        responses.run("Settings", "RestoreLogging")
        assert responses.cluster() == before
        assert responses.run("Settings", "RestoreLogging")["severity"] == "low"
        assert before["logging"]["clusterLogging"] == [{"types": LOGS, "enabled": True}]


class Node:
    """An instance of a cluster, in a group, with two network interfaces."""

    def __init__(self, responses: Responses, *, cluster: str, group: str = "") -> None:
        self.account = responses.account
        ec2, vpc = self.account.client("ec2"), responses.cluster()["resourcesVpcConfig"]
        self.group = vpc["clusterSecurityGroupId"]
        workers = ec2.create_security_group(GroupName=f"w{time.time_ns()}", Description="w", VpcId=vpc["vpcId"])[
            "GroupId"
        ]
        subnet = vpc["subnetIds"][0]
        tags = [{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}]
        self.id = ec2.run_instances(
            ImageId="ami-1", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[workers],
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )["Instances"][0]["InstanceId"]  # fmt: skip
        second = ec2.create_network_interface(SubnetId=subnet, Groups=[workers])["NetworkInterface"]
        where = {"NetworkInterfaceId": second["NetworkInterfaceId"], "InstanceId": self.id, "DeviceIndex": 1}
        ec2.attach_network_interface(**where)
        if group:
            scaling = self.account.client("autoscaling")
            given = {"MinSize": 0, "MaxSize": 5, "DesiredCapacity": 0, "AvailabilityZones": ["us-east-1a"]}
            scaling.create_auto_scaling_group(AutoScalingGroupName=group, **given)
            scaling.attach_instances(AutoScalingGroupName=group, InstanceIds=[self.id])

    def state(self) -> dict[str, Any]:
        """Return all that a quarantine may change, of this node and of the account."""
        ec2, scaling = self.account.client("ec2"), self.account.client("autoscaling")
        (instance,) = ec2.describe_instances(InstanceIds=[self.id])["Reservations"][0]["Instances"]
        protected = ec2.describe_instance_attribute(InstanceId=self.id, Attribute="disableApiTermination")
        members = scaling.describe_auto_scaling_instances(InstanceIds=[self.id])["AutoScalingInstances"]
        groups = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        rules = {
            g["GroupId"]: (g["IpPermissions"], g["IpPermissionsEgress"])
            for g in ec2.describe_security_groups()["SecurityGroups"]
        }
        return {
            "interfaces": [[g["GroupId"] for g in eni["Groups"]] for eni in instance["NetworkInterfaces"]],
            "tags": {tag["Key"]: tag["Value"] for tag in instance["Tags"]},
            "protected": protected["DisableApiTermination"]["Value"],
            "group": [member["AutoScalingGroupName"] for member in members],
            "sizes": {g["AutoScalingGroupName"]: len(g["Instances"]) for g in groups},
            "snapshots": len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]),
            "rules": rules,
            "state": instance["State"]["Name"],
        }


def isolation(responses: Responses, stack: str = "Evidence") -> str:
    (found,) = [v for k, v in responses.ids[stack].items() if k.startswith("ResponseQuarantineNodeIsolation")]
    return found


class TestQuarantineNode:
    def test_run_and_again(self, responses: Responses) -> None:
        node = Node(responses, cluster="ledger", group="workers")
        before = node.state()
        assert (before["group"], before["sizes"], before["protected"]) == (["workers"], {"workers": 1}, False)
        report = responses.run("Dry", "QuarantineNode", instanceId=node.id)
        assert "detach it from the Auto Scaling group workers, close its" in report["text"]
        assert node.state() == before
        report = responses.run("Evidence", "QuarantineNode", instanceId=node.id)
        after = node.state()
        closed = isolation(responses)
        mark = after["tags"].pop("hardened-eks:quarantine")
        assert mark in report["text"]
        assert report["key"].startswith("ledger/quarantine-node/") and report["key"].endswith("/high")
        assert after == {
            **before, "interfaces": [[closed], [closed]], "protected": True, "group": [], "snapshots": before["snapshots"] + 1,
        }  # fmt: skip
        assert "kubectl cordon ip-10-" in report["text"] and "kubectl drain ip-10-" in report["text"]
        assert "snap-" in report["text"]
        (snapshot,) = responses.account.client("ec2").describe_snapshots(
            Filters=[{"Name": "tag:hardened-eks:quarantine-of", "Values": [node.id]}]
        )["Snapshots"]
        assert snapshot["Description"] == f"Evidence: {node.id} of EKS cluster ledger"
        after = node.state()
        assert responses.run("Evidence", "QuarantineNode", instanceId=node.id)["severity"] == "low"
        assert node.state() == after

    def test_connections_stop_being_tracked_on_the_way(self, responses: Responses) -> None:
        node = Node(responses, cluster="ledger")
        execution = responses.start("Evidence", "QuarantineNode", instanceId=node.id)
        assert responses.end(execution)["status"] == "SUCCEEDED"
        history = responses.account.client("stepfunctions").get_execution_history(
            executionArn=execution, maxResults=1000
        )
        calls = [e["taskScheduledEventDetails"]["resource"] for e in history["events"] if e["type"] == "TaskScheduled"]
        names = [call.rsplit(":", 1)[-1] for call in calls]
        assert names == [
            "describeInstances", "describeAutoScalingInstances", "modifyInstanceAttribute",
            "authorizeSecurityGroupIngress", "authorizeSecurityGroupEgress",
            "modifyNetworkInterfaceAttribute", "modifyNetworkInterfaceAttribute",
            "modifyNetworkInterfaceAttribute", "modifyNetworkInterfaceAttribute",
            "revokeSecurityGroupIngress", "revokeSecurityGroupEgress", "createSnapshots", "createTags", "putEvents",
        ]  # fmt: skip

    def test_what_failed_half_way_is_finished(self, responses: Responses) -> None:
        node = Node(responses, cluster="ledger")
        responses.run("Evidence", "QuarantineNode", instanceId=node.id)
        responses.account.client("ec2").delete_tags(Resources=[node.id], Tags=[{"Key": "hardened-eks:quarantine"}])
        assert responses.run("Evidence", "QuarantineNode", instanceId=node.id)["severity"] == "high"
        assert "hardened-eks:quarantine" in node.state()["tags"]

    @pytest.mark.parametrize("cluster", ["other", "ledger-2", "ledge"])
    def test_a_node_of_another_cluster_is_left_alone(self, responses: Responses, cluster: str) -> None:
        node = Node(responses, cluster=cluster)
        before = node.state()
        report = responses.run("Evidence", "QuarantineNode", instanceId=node.id)
        assert f"No node of ledger is called {node.id}." in report["text"]
        assert node.state() == before

    def test_an_isolation_that_fails_is_critical(self, responses: Responses) -> None:
        """The group is gone: the way into quarantine is closed again, and people are told what to do."""
        node = Node(responses, cluster="ledger")
        ec2 = responses.account.client("ec2")
        ec2.delete_security_group(GroupId=isolation(responses, "Broken"))
        rules = node.state()["rules"]
        found = responses.end(responses.start("Broken", "QuarantineNode", instanceId=node.id))
        assert (found["status"], found["error"]) == ("FAILED", "ResponseFailed")
        (report,) = eventually(responses.reports)
        assert report["severity"] == "critical"
        assert (
            report["text"].startswith("Do it by hand: isolate the node ip-10-") and "does not exist" in report["text"]
        )
        assert node.state()["rules"] == rules and "hardened-eks:quarantine" not in node.state()["tags"]


class TestRevokeSessions:
    ROLE = "ledger-app"

    @pytest.fixture(autouse=True)
    def roles(self, responses: Responses) -> Iterator[None]:
        iam = responses.account.client("iam")
        for name in (self.ROLE, "other"):
            iam.create_role(
                RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []})
            )
        yield
        for name in (self.ROLE, "other"):
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                iam.delete_role_policy(RoleName=name, PolicyName=policy)
            iam.delete_role(RoleName=name)

    def policies(self, responses: Responses, role: str = ROLE) -> dict[str, Any]:
        iam = responses.account.client("iam")
        return {
            name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        }

    def test_run_and_again(self, responses: Responses) -> None:
        asked = {"roleName": self.ROLE, "issuedBefore": "2026-11-29T12:00:00Z"}
        assert "revoke the sessions of ledger-app that were" in responses.run("Dry", "RevokeSessions", **asked)["text"]
        assert self.policies(responses) == {}
        report = responses.run("Evidence", "RevokeSessions", **asked)
        found = self.policies(responses)
        deny = {"Sid": "Revoked", "Effect": "Deny", "Action": ["*"], "Resource": ["*"]}
        condition = {"DateLessThan": {"aws:TokenIssueTime": "2026-11-29T12:00:00.000Z"}}
        document = {"Version": "2012-10-17", "Statement": [{**deny, "Condition": condition}]}
        assert found == {"AWSRevokeOlderSessions": document}
        assert "delete-pod-identity-association" in report["text"]
        assert report["key"].startswith("ledger/revoke-sessions/") and report["key"].endswith("/high")
        assert responses.run("Evidence", "RevokeSessions", **asked)["severity"] == "low"
        earlier = {**asked, "issuedBefore": "2026-11-29T11:00:00Z"}
        assert responses.run("Evidence", "RevokeSessions", **earlier)["severity"] == "low"
        assert self.policies(responses) == found
        later = {**asked, "issuedBefore": "2026-11-29T12:00:01Z"}
        assert responses.run("Evidence", "RevokeSessions", **later)["severity"] == "high"
        assert self.policies(responses) != found

    def test_now_is_the_default(self, responses: Responses) -> None:
        responses.run("Evidence", "RevokeSessions", roleName=self.ROLE)
        (document,) = self.policies(responses).values()
        revoked = document["Statement"][0]["Condition"]["DateLessThan"]["aws:TokenIssueTime"]
        assert revoked.startswith(time.strftime("%Y-%m-%dT%H", time.gmtime()))

    def test_a_finding_names_the_role(self, responses: Responses) -> None:
        finding = guardduty(8, "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS")
        key = {"userType": "AssumedRole", "userName": self.ROLE, "accessKeyId": "ASIAEXAMPLE"}
        finding["detail"]["resource"] = {"resourceType": "AccessKey", "accessKeyDetails": key}
        observe(responses.account, finding)
        assert list(eventually(lambda: self.policies(responses))) == ["AWSRevokeOlderSessions"]

    def test_a_finding_about_a_user_is_not_for_it(self, responses: Responses) -> None:
        finding = guardduty(8, "UnauthorizedAccess:IAMUser/MaliciousIPCaller")
        key = {"userType": "IAMUser", "userName": self.ROLE, "accessKeyId": "AKIAEXAMPLE"}
        finding["detail"]["resource"] = {"resourceType": "AccessKey", "accessKeyDetails": key}
        before = len(responses.executions("Evidence", "RevokeSessions"))
        observe(responses.account, finding)
        eventually(lambda: len(responses.executions("Evidence", "RevokeSessions")) > before)
        eventually(lambda: all(e["status"] == "SUCCEEDED" for e in responses.executions("Evidence", "RevokeSessions")))
        assert self.policies(responses) == {}

    def test_no_other_role(self, responses: Responses) -> None:
        report = responses.run("Evidence", "RevokeSessions", roleName="other")
        assert "other is not one of the roles" in report["text"]
        assert self.policies(responses, "other") == {}


@pytest.fixture(scope="module")
def digests(responses: Responses) -> dict[str, str]:
    ecr = responses.account.client("ecr")
    found = {}
    for repository in (stacks.REPOSITORY, "other"):
        ecr.create_repository(repositoryName=repository)
        for tag in ("1.0", "1.1"):
            manifest = json.dumps({"schemaVersion": 2, "config": {"digest": f"{repository}{tag}"}})
            image = ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)["image"]
            found[f"{repository}:{tag}"] = image["imageId"]["imageDigest"]
    return found


class TestQuarantineImage:
    def images(self, responses: Responses) -> list[Any]:
        ecr = responses.account.client("ecr")
        listed = [ecr.describe_images(repositoryName=name)["imageDetails"] for name in (stacks.REPOSITORY, "other")]
        return [(i["imageDigest"], i["imageTags"], i["imageStatus"]) for images in listed for i in images]

    def test_run_and_again(self, responses: Responses, digests: dict[str, str]) -> None:
        digest = digests["ledger/api:1.0"]
        asked = {"repository": stacks.REPOSITORY, "digest": digest}
        before = self.images(responses)
        assert "(tags: 1.0), so that nobody can" in responses.run("Dry", "QuarantineImage", **asked)["text"]
        assert self.images(responses) == before
        key = responses.run("Images", "QuarantineImage", **asked)["key"]
        assert key.startswith("ledger/quarantine-image/") and len(key) <= 255, "PagerDuty refuses more"
        after = self.images(responses)
        assert after == [(d, tags, "ARCHIVED" if d == digest else "ACTIVE") for d, tags, _ in before]
        ecr = responses.account.client("ecr")
        pulled = ecr.batch_get_image(repositoryName=stacks.REPOSITORY, imageIds=[{"imageTag": "1.0"}])
        assert not pulled["images"] and pulled["failures"]
        assert responses.run("Images", "QuarantineImage", **asked)["severity"] == "low"
        assert self.images(responses) == after

    def test_nothing_else(self, responses: Responses, digests: dict[str, str]) -> None:
        before = self.images(responses)
        for asked in (
            {"repository": "other", "digest": digests["other:1.0"]},
            {"repository": stacks.REPOSITORY, "digest": "1.1"},
            {"repository": stacks.REPOSITORY},
            {},
        ):
            assert "is not one of the repositories" in responses.run("Images", "QuarantineImage", **asked)["text"]
        assert self.images(responses) == before


def open_call(by: dict[str, Any] = events.PERSON, cluster: str = stacks.CLUSTER) -> dict[str, Any]:
    return events.call(
        "eks", "UpdateClusterConfig", {"name": cluster, "resourcesVpcConfig": {"endpointPublicAccess": True}}, by=by
    )


class TestTriggers:
    def settled(self, responses: Responses, stack: str, action: str) -> list[dict[str, Any]]:
        return eventually(
            lambda: responses.executions(stack, action), lambda found: all(e["status"] != "RUNNING" for e in found)
        )

    def started(self, responses: Responses, event: dict[str, Any], stack: str, action: str) -> int:
        """Return how many executions an event starts; a later event that starts one tells when to count."""
        before = len(responses.executions(stack, action))
        observe(responses.account, event)
        time.sleep(0.3)
        return len(self.settled(responses, stack, action)) - before

    def test_an_opened_endpoint_is_closed(self, responses: Responses) -> None:
        before = opened(responses)
        responses.reports()
        assert self.started(responses, open_call(), "Settings", "CloseEndpoint") == 1
        (report,) = eventually(responses.reports)
        assert (report["detection"], report["severity"]) == ("eks-endpoint-public", "high")
        assert "Started by eks-endpoint-public." in report["text"]
        before["resourcesVpcConfig"] |= {"endpointPublicAccess": False}
        assert responses.cluster() == before

    def test_a_second_delivery_says_nothing(self, responses: Responses) -> None:
        assert responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"] is False
        responses.reports()
        assert self.started(responses, open_call(), "Settings", "CloseEndpoint") == 1
        assert responses.reports() == []

    def test_its_own_calls_start_nothing(self, responses: Responses) -> None:
        """Not what it really calls, nor the call that starts it, made with the role of any of its machines."""
        machine = responses.account.client("stepfunctions").describe_state_machine
        for action in ("CloseEndpoint", "RestoreLogging"):
            role = machine(stateMachineArn=responses.machine("Settings", action))["roleArn"]
            for via in ("states.amazonaws.com", ""):
                by = events.role(role, via=via, session="execution")
                closing = {"endpointPublicAccess": False, "endpointPrivateAccess": True}
                own = events.call(
                    "eks", "UpdateClusterConfig", {"name": "ledger", "resourcesVpcConfig": closing}, by=by
                )
                for event in (own, open_call(by)):
                    assert self.started(responses, event, "Settings", "CloseEndpoint") == 0

    @pytest.mark.parametrize(
        ("event", "starts"),
        [
            (open_call(cluster="other"), 0),
            (events.denied(open_call()), 0),
            (open_call(events.role(f"{stacks.ROLES}/ledger-creator", via=events.CLOUDFORMATION)), 0),
            (open_call(events.role(f"{stacks.ROLES}/another", via=events.CLOUDFORMATION)), 1),
            (open_call(events.role(f"{stacks.ROLES}/ledger-creator")), 1),
            (open_call(events.STEP_FUNCTIONS), 1),
            (open_call(events.ROOT), 1),
            (open_call(events.USER), 1),
        ],
    )
    def test_whose_calls_start_it(self, responses: Responses, event: dict[str, Any], starts: int) -> None:
        assert self.started(responses, event, "Settings", "CloseEndpoint") == starts

    def test_logging_switched_off(self, responses: Responses) -> None:
        before = responses.cluster()
        off = [{"types": ["audit", "api"], "enabled": False}]
        responses.update(logging={"clusterLogging": off})
        call = {"name": "ledger", "logging": {"clusterLogging": off}}
        assert (
            self.started(responses, events.call("eks", "UpdateClusterConfig", call), "Settings", "RestoreLogging") == 1
        )
        assert responses.cluster() == before

    def test_a_finding_names_the_node(self, responses: Responses) -> None:
        node, other = Node(responses, cluster="ledger"), Node(responses, cluster="other")
        untouched = other.state()["interfaces"]
        for found in (node, other):
            finding = guardduty(8)
            finding["detail"]["resource"] = {"resourceType": "Instance", "instanceDetails": {"instanceId": found.id}}
            assert self.started(responses, finding, "Evidence", "QuarantineNode") == 1
        assert node.state()["interfaces"] == [[isolation(responses)]] * 2
        assert other.state()["interfaces"] == untouched
        responses.reports()
        assert self.started(responses, guardduty(8), "Evidence", "QuarantineNode") == 1  # names no instance
        assert responses.reports() == []

    def test_a_scan_names_the_image(self, responses: Responses, digests: dict[str, str]) -> None:
        digest = digests["ledger/api:1.1"]
        scan = {
            "scan-status": "COMPLETE", "repository-name": "ledger/api", "image-digest": digest, "image-tags": ["1.1"],
            "finding-severity-counts": {"CRITICAL": 2},
        }  # fmt: skip
        event = events.event("aws.ecr", "ECR Image Scan", scan)
        assert self.started(responses, event, "Images", "QuarantineImage") == 1
        ecr = responses.account.client("ecr")
        found = ecr.describe_images(repositoryName="ledger/api", imageIds=[{"imageDigest": digest}])["imageDetails"]
        assert found[0]["imageStatus"] == "ARCHIVED"

    def test_a_first_scan_by_inspector_names_the_image_by_an_arn(self, responses: Responses) -> None:
        ecr = responses.account.client("ecr")
        manifest = json.dumps({"schemaVersion": 2, "config": {"digest": "scanned"}})
        image = ecr.put_image(repositoryName=stacks.REPOSITORY, imageManifest=manifest, imageTag="2.0")["image"]
        digest = image["imageId"]["imageDigest"]
        for number, starts in ((9, 0), (10, 1)):
            event = inspected(HIGH=number)
            arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{stacks.REPOSITORY}"
            event["detail"] |= {"repository-name": arn, "image-digest": digest}
            assert self.started(responses, event, "Images", "QuarantineImage") == starts
        found = ecr.describe_images(repositoryName=stacks.REPOSITORY, imageIds=[{"imageDigest": digest}])[
            "imageDetails"
        ]
        assert found[0]["imageStatus"] == "ARCHIVED"

    def test_reports_reach_the_channel(self, responses: Responses) -> None:
        topic = next(
            v for k, v in responses.ids["Ledger"].items() if k.startswith("AlertsTopic") and v.startswith("arn")
        )
        inbox = Inbox(responses.account, topic)
        opened(responses)
        responses.run("Settings", "CloseEndpoint")
        (message,) = inbox.wait()
        assert "The public endpoint of ledger is closed." in str(message)


class TestApproval:
    def answer(self, responses: Responses, **how: Any) -> dict[str, Any]:
        """Take the question from the activity and answer it; return what it says."""
        sfn = responses.account.client("stepfunctions")
        (activity,) = [v for k, v in responses.ids["Asked"].items() if "Approval" in k and ":activity:" in v]
        task = sfn.get_activity_task(activityArn=activity, workerName="ana")
        if how:
            sfn.send_task_failure(taskToken=task["taskToken"], **how)
        else:
            sfn.send_task_success(taskToken=task["taskToken"], output="{}")
        return json.loads(task["input"])  # type: ignore[no-any-return]

    def test_approved(self, responses: Responses) -> None:
        opened(responses)
        responses.reports()
        execution = responses.start("Asked", "CloseEndpoint", reason="drill")
        (asked,) = eventually(responses.reports)
        assert asked["title"].endswith("approval is needed")
        assert "get-activity-task --activity-arn arn:aws:states:" in asked["text"]
        assert responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"] is True
        question = self.answer(responses)
        assert (question["reason"], question["execution"]) == ("drill", execution)
        assert question["plan"].startswith("close the public endpoint of ledger")
        assert responses.end(execution)["status"] == "SUCCEEDED"
        assert responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"] is False

    def test_rejected(self, responses: Responses) -> None:
        before = opened(responses)
        responses.reports()
        execution = responses.start("Asked", "CloseEndpoint")
        eventually(responses.reports)
        self.answer(responses, error="Rejected", cause="a test")
        assert responses.end(execution)["status"] == "SUCCEEDED"
        (report,) = eventually(responses.reports)
        assert report["title"].endswith("not done")
        assert "Nothing was changed: it was rejected: Rejected." in report["text"]
        assert responses.cluster() == before

    def test_no_answer(self, responses: Responses) -> None:
        """The waits of the emulator are 500 times as short: an hour is 7 seconds."""
        before = opened(responses)
        responses.reports()
        found = responses.end(responses.start("Asked", "CloseEndpoint"), seconds=60)
        assert found["status"] == "SUCCEEDED"
        _, report = responses.reports()
        assert "Nothing was changed: nobody approved it in time." in report["text"]
        assert responses.cluster() == before

    def test_nobody_is_asked_where_nothing_is_to_do(self, responses: Responses) -> None:
        opened(responses)
        responses.run("Settings", "CloseEndpoint")
        assert responses.run("Asked", "CloseEndpoint")["severity"] == "low"
