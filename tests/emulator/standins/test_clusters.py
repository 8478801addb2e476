"""The stand-ins for changes of a cluster, by the API and by a state machine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Account
from tests.emulator.observing import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
CLOSED = {"endpointPublicAccess": False, "endpointPrivateAccess": True}


@pytest.fixture
def eks(account: Account) -> Any:
    client = account.client("eks")
    client.create_cluster(
        name="ledger", roleArn="arn:aws:iam::123456789012:role/ledger", resourcesVpcConfig={"subnetIds": ["s"], **CLOSED},
        logging={"clusterLogging": [{"types": ["audit", "api"], "enabled": True}]})  # fmt: skip
    settled(client)
    return client


def settled(eks: Any) -> dict[str, Any]:
    return eventually(lambda: eks.describe_cluster(name="ledger")["cluster"], lambda found: found["status"] == "ACTIVE")


def test_an_endpoint_is_opened_after_a_while(eks: Any) -> None:
    made = eks.update_cluster_config(name="ledger", resourcesVpcConfig={"endpointPublicAccess": True})["update"]
    assert (made["status"], made["type"]) == ("InProgress", "EndpointAccessUpdate")
    assert eks.describe_cluster(name="ledger")["cluster"]["resourcesVpcConfig"]["endpointPublicAccess"] is False
    with pytest.raises(eks.exceptions.ResourceInUseException, match="another update"):
        eks.update_cluster_config(name="ledger", deletionProtection=True)
    found = settled(eks)["resourcesVpcConfig"]
    assert found["endpointPublicAccess"] is True
    assert eks.describe_update(name="ledger", updateId=made["id"])["update"]["status"] == "Successful"
    assert eks.list_updates(name="ledger")["updateIds"] == [made["id"]]


def test_logging_keeps_what_is_not_named(eks: Any) -> None:
    off = {"clusterLogging": [{"types": ["audit"], "enabled": False}, {"types": ["scheduler"], "enabled": True}]}
    eks.update_cluster_config(name="ledger", logging=off)
    on, gone = settled(eks)["logging"]["clusterLogging"]
    assert (on["types"], on["enabled"]) == (["api", "scheduler"], True)
    assert (gone["types"], gone["enabled"]) == (["audit", "authenticator", "controllerManager"], False)


def test_deletion_protection(eks: Any) -> None:
    eks.update_cluster_config(name="ledger", deletionProtection=True)
    assert settled(eks)["deletionProtection"] is True


def test_the_security_group_of_a_cluster_goes_with_it(eks: Any, account: Account) -> None:
    ec2 = account.client("ec2")
    for cluster in ("ledger", "other"):
        ec2.create_security_group(GroupName=f"eks-cluster-sg-{cluster}", Description="as EKS makes it")
    eks.delete_cluster(name="ledger")
    left = {one["GroupName"] for one in ec2.describe_security_groups()["SecurityGroups"]}
    assert "eks-cluster-sg-ledger" not in left
    assert "eks-cluster-sg-other" in left


@pytest.mark.parametrize(
    ("change", "words"),
    [({"resourcesVpcConfig": CLOSED}, "already at the desired configuration"),
     ({"resourcesVpcConfig": {"endpointPublicAccess": True}, "deletionProtection": True}, "Only one type of update"),
     ({}, "Only one type of update"),
     ({"resourcesVpcConfig": {"endpointPrivateAccess": False}}, "cannot be disabled at the same time"),
     ({"resourcesVpcConfig": {"subnetIds": ["s-2"]}}, "knows no update of"),
     ({"computeConfig": {"enabled": True}}, "knows no update of computeConfig")],
)  # fmt: skip
def test_refusals(eks: Any, change: dict[str, Any], words: str) -> None:
    with pytest.raises(eks.exceptions.InvalidParameterException, match=words):
        eks.update_cluster_config(name="ledger", **change)
    with pytest.raises(eks.exceptions.ResourceNotFoundException):
        eks.update_cluster_config(name="other", deletionProtection=True)
    with pytest.raises(eks.exceptions.ResourceNotFoundException):
        eks.describe_update(name="ledger", updateId="none")


def run(account: Account, service: str, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run a state machine of one task and return how it ended."""
    sfn = account.client("stepfunctions")
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{service}:{action}",
        "Parameters": parameters,
        "End": True,
    }
    machine = sfn.create_state_machine(
        name=f"m-{action}-{len(sfn.list_state_machines()['stateMachines'])}",
        definition=json.dumps({"StartAt": "Task", "States": {"Task": task}}), roleArn="arn:aws:iam::123456789012:role/r",
    )["stateMachineArn"]  # fmt: skip
    arn = sfn.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    return eventually(lambda: sfn.describe_execution(executionArn=arn), lambda found: found["status"] != "RUNNING")


def output(ended: dict[str, Any]) -> dict[str, Any]:
    assert ended["status"] == "SUCCEEDED", (ended.get("error"), ended.get("cause"))
    return json.loads(ended["output"])


class TestWorkflows:
    def test_eks(self, account: Account, eks: Any) -> None:
        found = output(run(account, "eks", "describeCluster", {"Name": "ledger"}))["Cluster"]
        assert found["ResourcesVpcConfig"]["EndpointPublicAccess"] is False
        assert isinstance(found["CreatedAt"], str)
        change = {"Name": "ledger", "ResourcesVpcConfig": {"EndpointPublicAccess": True}}
        made = output(run(account, "eks", "updateClusterConfig", change))["Update"]
        assert made["Status"] == "InProgress"
        assert settled(eks)["resourcesVpcConfig"]["endpointPublicAccess"] is True
        told = output(run(account, "eks", "describeUpdate", {"Name": "ledger", "UpdateId": made["Id"]}))
        assert told["Update"]["Status"] == "Successful"

    @pytest.mark.parametrize(
        ("service", "action", "parameters", "error", "words"),
        [("eks", "describeCluster", {"Name": "none"}, "Eks.ResourceNotFoundException", "No cluster found"),
         ("eks", "updateClusterConfig", {"Name": "ledger"}, "Eks.InvalidParameterException", "Only one type"),
         ("eks", "describeCluster", {"name": "ledger"}, "States.Runtime", "fields ['name'] are not supported"),
         ("eks", "openCluster", {"Name": "ledger"}, "States.Runtime", "eks has no action openCluster"),
         ("iam", "getRole", {"RoleName": "none"}, "Iam.NoSuchEntityException", "none"),
         ("ec2", "createSnapshots", {"InstanceSpecification": {"InstanceId": "i-1"}}, "Ec2.Ec2Exception", "i-1"),
         ("guardduty", "listDetectors", {}, "States.Runtime", "guardduty")],
    )  # fmt: skip
    def test_errors(
        self, account: Account, eks: Any, service: str, action: str, parameters: Any, error: str, words: str
    ) -> None:
        ended = run(account, service, action, parameters)
        assert (ended["status"], ended["error"]) == ("FAILED", error), ended.get("cause")
        assert words in ended["cause"]

    def test_a_node_is_taken_out(self, account: Account) -> None:
        ec2, scaling = account.client("ec2"), account.client("autoscaling")
        (node,) = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"]
        name = node["InstanceId"]
        scaling.create_auto_scaling_group(
            AutoScalingGroupName="g", MinSize=0, MaxSize=3, DesiredCapacity=0, AvailabilityZones=["us-east-1a"])  # fmt: skip
        scaling.attach_instances(AutoScalingGroupName="g", InstanceIds=[name])
        group = ec2.create_security_group(GroupName="isolation", Description="d", VpcId=node["VpcId"])["GroupId"]
        found = output(run(account, "autoscaling", "describeAutoScalingInstances", {"InstanceIds": [name]}))
        assert found["AutoScalingInstances"][0]["AutoScalingGroupName"] == "g"
        output(run(account, "autoscaling", "detachInstances", {
            "AutoScalingGroupName": "g", "InstanceIds": [name], "ShouldDecrementDesiredCapacity": True}))  # fmt: skip
        output(run(account, "ec2", "modifyInstanceAttribute", {
            "InstanceId": name, "DisableApiTermination": {"Value": True}}))  # fmt: skip
        wanted = {"Filters": [{"Name": "instance-id", "Values": [name]}]}
        shown = output(run(account, "ec2", "describeInstances", wanted))["Reservations"][0]["Instances"][0]
        (interface,) = shown["NetworkInterfaces"]
        output(run(account, "ec2", "modifyNetworkInterfaceAttribute", {
            "NetworkInterfaceId": interface["NetworkInterfaceId"], "Groups": [group]}))  # fmt: skip
        snapshots = output(run(account, "ec2", "createSnapshots", {
            "InstanceSpecification": {"InstanceId": name}, "Description": "d",
            "TagSpecifications": [{"ResourceType": "snapshot", "Tags": [{"Key": "k", "Value": "v"}]}]}))  # fmt: skip

        assert scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"] == []
        after = ec2.describe_instances(InstanceIds=[name])["Reservations"][0]["Instances"][0]
        assert [g["GroupId"] for g in after["SecurityGroups"]] == [group]
        assert [g["GroupId"] for g in after["NetworkInterfaces"][0]["Groups"]] == [group]
        kept = ec2.describe_snapshots(SnapshotIds=[s["SnapshotId"] for s in snapshots["Snapshots"]])["Snapshots"]
        assert [(s["VolumeId"], s["Tags"]) for s in kept] == [
            (after["BlockDeviceMappings"][0]["Ebs"]["VolumeId"], [{"Key": "k", "Value": "v"}])]  # fmt: skip
        with pytest.raises(ClientError, match="may not be terminated"):
            ec2.terminate_instances(InstanceIds=[name])
        with pytest.raises(ClientError, match="does not know"):
            ec2.modify_instance_attribute(InstanceId=name, SourceDestCheck={"Value": False})
        with pytest.raises(ClientError, match="does not exist"):
            ec2.modify_instance_attribute(InstanceId=name, Groups=["sg-none"])
        with pytest.raises(ClientError, match="not part of"):
            scaling.detach_instances(AutoScalingGroupName="g", InstanceIds=[name], ShouldDecrementDesiredCapacity=True)

    def test_scale_in_protection(self, account: Account) -> None:
        scaling = account.client("autoscaling")
        scaling.create_auto_scaling_group(
            AutoScalingGroupName="g", MinSize=1, MaxSize=1, DesiredCapacity=1, AvailabilityZones=["us-east-1a"])  # fmt: skip
        (node,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
        scaling.set_instance_protection(
            AutoScalingGroupName="g", InstanceIds=[node["InstanceId"]], ProtectedFromScaleIn=True)  # fmt: skip
        (node,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
        assert node["ProtectedFromScaleIn"] is True
