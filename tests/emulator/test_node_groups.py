"""Every choice of a managed group, really created, changed and deleted by a CloudFormation engine."""

from __future__ import annotations

import base64
import json
import tomllib
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks import _clock
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION
from tests.emulator.test_reference import edited

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
BASE, NAME, NG = "Base", "Nodes", "AWS::EKS::Nodegroup"
RESERVATION = "cr-0123456789abcdef0"
IMAGE = hardened.NodeImage(
    id="ami-0123456789abcdef0", kubernetes="1.36", built=_clock.today(), evidence="build 1234: CIS level 2"
)
NIGHT = hardened.ScheduledScaling(name="Night", at="20:00", timezone="Europe/Berlin", scaling=hardened.Scaling(min=0))


Templates = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def templates() -> Templates:
    """The cluster with its groups, and in a stack of their own the network and keys, which outlive it."""
    app, env = cdk.App(), cdk.Environment(account=ACCOUNT, region=REGION)
    base, nodes = cdk.Stack(app, BASE, env=env), cdk.Stack(app, NAME, env=env)
    cdk.Tags.of(app).add("application", "research")
    cluster = hardened.Cluster(
        nodes, "Cluster", version="1.36", name="research", service_cidr="172.20.0.0/16",
        network=hardened.Network(base, "Network"), keys=hardened.Keys(base, "Keys"),
    )  # fmt: skip
    cluster.add_node_group(
        "Training", instance_types=["p5.48xlarge"], nvidia=True, efa_cards=4,
        reservation=hardened.CapacityReservation(id=RESERVATION, block=True),
        placement_group=ec2.PlacementGroup(nodes, "Near", strategy=ec2.PlacementGroupStrategy.CLUSTER),
        subnets=cluster.network.node_subnets[:1], scaling=hardened.Scaling(min=0, max=4),
        volumes=[hardened.NodeVolume(device="/dev/xvdc", size_gib=2000, iops=4000, throughput=1000)],
    )  # fmt: skip
    cluster.add_node_group(
        "Warm", instance_types=["m7g.large"], schedules=[NIGHT],
        max_unavailable_percent=25, minimal_update=True,
        warm_pool=hardened.WarmPool(min=2, max_prepared=5), tags={"team": "search"},
        kubelet=hardened.KubeletSettings(max_pods=60),
        bottlerocket=hardened.BottlerocketSettings(sysctl={"vm.max_map_count": "262144"}),
        labels={"pool": "search"}, taints=[hardened.Taint(key="pool", value="search")],
    )  # fmt: skip
    cluster.add_node_group("Image", instance_types=["m7g.large"], image=IMAGE)
    cluster.add_self_managed_nodes("Own", instance_types=["m7g.large", "m7gd.large"], schedules=[NIGHT])
    return {stack.stack_name: Template.from_stack(stack).to_json() for stack in (base, nodes)}


def group(account: Account, id_: str) -> dict[str, Any]:
    """What EKS says of a group."""
    eks = account.client("eks")
    (name,) = [one for one in eks.list_nodegroups(clusterName="research")["nodegroups"] if id_ in one]
    found: dict[str, Any] = eks.describe_nodegroup(clusterName="research", nodegroupName=name)["nodegroup"]
    return found


def launched(account: Account, id_: str) -> dict[str, Any]:
    """What EC2 says of the version of the launch template that a group uses."""
    used = group(account, id_)["launchTemplate"]
    (version,) = account.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=used["id"], Versions=[used["version"]]
    )["LaunchTemplateVersions"]
    data: dict[str, Any] = version["LaunchTemplateData"]
    return data


@pytest.fixture(scope="module")
def deployed(emulator: str, templates: Templates) -> Account:
    """The stacks, created once for the tests that only read."""
    account = Account(emulator)
    account.reset()
    for name, template in templates.items():
        account.deploy(name, template)
    return account


def test_a_capacity_block_near_each_other_with_efa(deployed: Account) -> None:
    found, data = group(deployed, "Training"), launched(deployed, "Training")
    assert (found["capacityType"], found["scalingConfig"]["desiredSize"], len(found["subnets"])) == (
        "CAPACITY_BLOCK",
        0,
        1,
    )
    assert (data["InstanceType"], data["InstanceMarketOptions"]) == ("p5.48xlarge", {"MarketType": "capacity-block"})
    target = data["CapacityReservationSpecification"]["CapacityReservationTarget"]
    assert target == {"CapacityReservationId": RESERVATION}
    assert data["Placement"]["GroupName"]
    interfaces = data["NetworkInterfaces"]
    assert [(one["InterfaceType"], one.get("NetworkCardIndex", 0)) for one in interfaces] == [
        ("efa", 0), ("efa-only", 1), ("efa-only", 2), ("efa-only", 3),
    ]  # fmt: skip
    (shared,) = {one for interface in interfaces for one in interface["Groups"]}
    (security_group,) = deployed.client("ec2").describe_security_groups(GroupIds=[shared])["SecurityGroups"]
    for direction in ("IpPermissions", "IpPermissionsEgress"):
        assert any(
            rule["IpProtocol"] == "-1" and [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [shared]
            for rule in security_group[direction]
        ), direction


def test_every_volume_is_under_the_volumes_key(deployed: Account) -> None:
    mappings = launched(deployed, "Training")["BlockDeviceMappings"]
    assert [one["DeviceName"] for one in mappings] == ["/dev/xvda", "/dev/xvdb", "/dev/xvdc"]
    assert all(one["Ebs"]["Encrypted"] for one in mappings)
    (key,) = {one["Ebs"]["KmsKeyId"] for one in mappings}
    assert deployed.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyManager"] == "CUSTOMER"
    more = mappings[2]["Ebs"]
    assert (more["VolumeSize"], more["Iops"], more["Throughput"]) == (2000, 4000, 1000)


def test_a_warm_pool_a_pace_and_settings(deployed: Account) -> None:
    found = group(deployed, "Warm")
    assert found["warmPoolConfig"] == {
        "enabled": True, "minSize": 2, "maxGroupPreparedCapacity": 5, "poolState": "STOPPED", "reuseOnScaleIn": False,
    }  # fmt: skip
    assert found["updateConfig"] == {"maxUnavailablePercentage": 25, "updateStrategy": "MINIMAL"}
    assert (found["labels"], found["tags"]["team"]) == ({"pool": "search"}, "search")
    assert found["taints"] == [{"key": "pool", "value": "search", "effect": "NO_SCHEDULE"}]
    data = launched(deployed, "Warm")
    settings = tomllib.loads(base64.b64decode(data["UserData"]).decode())["settings"]
    assert (settings["kubernetes"]["max-pods"], settings["kernel"]["sysctl"]) == (60, {"vm.max_map_count": "262144"})
    tags = {
        spec["ResourceType"]: {tag["Key"]: tag["Value"] for tag in spec["Tags"]} for spec in data["TagSpecifications"]
    }
    assert tags["instance"]["team"] == tags["volume"]["team"] == "search"


def test_the_schedule_names_the_group_that_there_is(deployed: Account) -> None:
    scheduler = deployed.client("scheduler")
    (name,) = [one["Name"] for one in scheduler.list_schedules()["Schedules"]]
    found = scheduler.get_schedule(Name=name)
    assert (found["ScheduleExpression"], found["ScheduleExpressionTimezone"]) == ("cron(0 20 ? * * *)", "Europe/Berlin")
    assert json.loads(found["Target"]["Input"]) == {
        "ClusterName": "research", "NodegroupName": group(deployed, "Warm")["nodegroupName"],
        "ScalingConfig": {"MinSize": 0, "DesiredSize": 0, "MaxSize": 6},
    }  # fmt: skip
    role = deployed.client("iam").get_role(RoleName=found["Target"]["RoleArn"].rsplit("/", 1)[1])["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}


def test_a_self_managed_group_has_its_schedule(deployed: Account) -> None:
    (found,) = deployed.client("autoscaling").describe_scheduled_actions()["ScheduledUpdateGroupActions"]
    (own,) = deployed.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert (found["AutoScalingGroupName"], found["Recurrence"]) == (own["AutoScalingGroupName"], "0 20 * * *")
    assert (found["MinSize"], found["DesiredCapacity"], found["MaxSize"]) == (0, 0, 6)


def test_nodes_with_an_image_of_ones_own_are_told_of_their_cluster(deployed: Account) -> None:
    found, data = group(deployed, "Image"), launched(deployed, "Image")
    assert (found["amiType"], data["ImageId"]) == ("CUSTOM", IMAGE.id)
    settings = tomllib.loads(base64.b64decode(data["UserData"]).decode())["settings"]["kubernetes"]
    cluster = deployed.client("eks").describe_cluster(name="research")["cluster"]
    assert settings["api-server"] == cluster["endpoint"]
    assert settings["cluster-certificate"] == cluster["certificateAuthority"]["data"]
    tags = next(spec["Tags"] for spec in data["TagSpecifications"] if spec["ResourceType"] == "instance")
    assert {"Key": "hardened-eks:image-evidence", "Value": IMAGE.evidence} in tags


def test_metadata_and_addresses_are_closed_on_all_of_them(deployed: Account) -> None:
    for id_ in ("Training", "Warm", "Image"):
        data = launched(deployed, id_)
        options = data["MetadataOptions"]
        assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)
        assert not any(one.get("AssociatePublicIpAddress") for one in data["NetworkInterfaces"])
        assert "KeyName" not in data


def test_they_are_changed_in_place_and_destroyed(account: Account, templates: Templates) -> None:
    for name, template in templates.items():
        account.deploy(name, template)
    before = {id_: group(account, id_) for id_ in ("Training", "Warm", "Image")}
    changed = json.loads(json.dumps(templates[NAME]).replace(IMAGE.id, "ami-0123456789abcdef1"))
    for resource in changed["Resources"].values():
        if resource["Type"] == NG:
            resource["Properties"]["UpdateConfig"] = {"MaxUnavailable": 2}
            if "WarmPoolConfig" in resource["Properties"]:
                resource["Properties"]["WarmPoolConfig"]["MinSize"] = 4
    account.deploy(NAME, changed)
    after = {id_: group(account, id_) for id_ in before}
    assert all(after[id_]["nodegroupArn"] == before[id_]["nodegroupArn"] for id_ in before)
    assert launched(account, "Image")["ImageId"] == "ami-0123456789abcdef1"
    assert after["Image"]["launchTemplate"]["version"] == "2"
    assert after["Warm"]["warmPoolConfig"]["minSize"] == 4
    assert after["Warm"]["updateConfig"] == {"maxUnavailable": 2}
    account.delete(NAME)
    assert account.client("eks").list_nodegroups(clusterName="research")["nodegroups"] == []
    assert account.client("ec2").describe_launch_templates()["LaunchTemplates"] == []
    assert account.client("scheduler").list_schedules()["Schedules"] == []


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"CapacityType": "SPOT"}, "Warm pools are not supported"),
        ({"AmiType": "AL2023_ARM_64_STANDARD"}, "when a custom AMI is in the template"),
        ({"InstanceTypes": ["p5.48xlarge"]}, "instance types in both"),
        ({"CapacityType": "CAPACITY_BLOCK"}, "CAPACITY_BLOCK and the market type"),
    ],
)
def test_what_eks_refuses_rolls_back(
    account: Account, templates: Templates, properties: dict[str, Any], message: str
) -> None:
    account.deploy(BASE, templates[BASE])
    with pytest.raises(StackFailed, match=message):
        account.deploy(NAME, edited(templates[NAME], NG, **properties))
    assert account.client("eks").list_nodegroups(clusterName="research")["nodegroups"] == []
