"""What managed groups may ask for: reserved capacity, EFA, volumes, warm nodes, images, another pace of updates."""

import json
import tomllib
from datetime import date, timedelta
from typing import Any

import aws_cdk as cdk
import cfnlint.api
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks import _clock
from hardened_eks.controls import CATALOGUE
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Evidence
from hardened_eks.judging.evaluation import evaluate
from tests.linting import READS_THE_CALENDAR

LT, NG, INGRESS = "AWS::EC2::LaunchTemplate", "AWS::EKS::Nodegroup", "AWS::EC2::SecurityGroupIngress"
BLOCK = hardened.CapacityReservation(id="cr-0123456789abcdef0", block=True)
IMAGE = hardened.NodeImage(
    id="ami-0123456789abcdef0", kubernetes="1.36", built=_clock.today(), evidence="build 1234: CIS level 2"
)


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    """One stack with a group for each choice."""
    stack = cdk.Stack(cdk.App(), "Nodes")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", service_cidr="172.20.0.0/16")
    zone = cluster.network.node_subnets[:1]
    near = ec2.PlacementGroup(stack, "Near", strategy=ec2.PlacementGroupStrategy.CLUSTER)
    plain: dict[str, Any] = {"instance_types": ["m7g.large"]}
    cluster.add_node_group("Pace", **plain, max_unavailable_percent=33, minimal_update=True, tags={"team": "a"})
    cluster.add_node_group(
        "Block", instance_types=["p5.48xlarge"], nvidia=True, reservation=BLOCK, subnets=zone, efa_cards=3,
        placement_group=near, scaling=hardened.Scaling(min=0, max=4),
    )  # fmt: skip
    cluster.add_node_group(
        "SecondCard", instance_types=["p6-b300.48xlarge"], nvidia=True, efa_cards=2, subnets=zone,
        scaling=hardened.Scaling(min=0, max=4),
    )  # fmt: skip
    cluster.add_node_group(
        "Reserved", **plain,
        reservation=hardened.CapacityReservation(group_arn="arn:aws:resource-groups:eu-west-1:123456789012:group/mine"),
        volumes=[hardened.NodeVolume(device="/dev/xvdc", size_gib=500, iops=6000, throughput=500)],
        warm_pool=hardened.WarmPool(min=2, max_prepared=5),
    )  # fmt: skip
    cluster.add_node_group("Image", **plain, image=IMAGE, labels={"pool": "own"}, taints=[hardened.Taint(key="own")])
    cluster.add_node_group(
        "OldImage", **plain, operating_system=hardened.OperatingSystem.AL2023,
        image=hardened.NodeImage(
            id="ami-0123456789abcdef1", kubernetes="1.36", built=_clock.today() - timedelta(days=61), evidence="build 1"
        ),
    )  # fmt: skip
    return stack


@pytest.fixture(scope="module")
def template(stack: cdk.Stack) -> Template:
    return Template.from_stack(stack)


def group(template: Template, name: str) -> dict[str, Any]:
    found = {n: r["Properties"] for n, r in template.find_resources(NG).items()}
    return next(p for n, p in found.items() if n.startswith(f"Cluster{name}"))


def launched(template: Template, name: str) -> dict[str, Any]:
    found = {n: r["Properties"] for n, r in template.find_resources(LT).items()}
    data: dict[str, Any] = next(p for n, p in found.items() if n.startswith(f"Cluster{name}"))["LaunchTemplateData"]
    return data


def test_the_pace_of_updates(template: Template) -> None:
    properties = group(template, "Pace")
    assert properties["UpdateConfig"] == {"MaxUnavailablePercentage": 33, "UpdateStrategy": "MINIMAL"}
    assert properties["Tags"]["team"] == "a"
    instance = next(t for t in launched(template, "Pace")["TagSpecifications"] if t["ResourceType"] == "instance")
    assert {"Key": "team", "Value": "a"} in instance["Tags"]


def test_a_capacity_block_says_so_on_both_sides(template: Template) -> None:
    properties, data = group(template, "Block"), launched(template, "Block")
    assert properties["CapacityType"] == "CAPACITY_BLOCK"
    assert "InstanceTypes" not in properties, "the launch template names it, and EKS refuses both"
    assert (data["InstanceType"], data["InstanceMarketOptions"]) == ("p5.48xlarge", {"MarketType": "capacity-block"})
    target = data["CapacityReservationSpecification"]["CapacityReservationTarget"]
    assert target == {"CapacityReservationId": "cr-0123456789abcdef0"}
    assert "GroupName" in data["Placement"] and len(properties["Subnets"]) == 1


def test_efa_is_on_every_card_and_its_traffic_passes_between_nodes(template: Template) -> None:
    interfaces = launched(template, "Block")["NetworkInterfaces"]
    assert [(one["InterfaceType"], one.get("NetworkCardIndex", 0), one["DeviceIndex"]) for one in interfaces] == [
        ("efa", 0, 0), ("efa-only", 1, 1), ("efa-only", 2, 1),
    ]  # fmt: skip
    assert not any("AssociatePublicIpAddress" in one for one in interfaces), "EC2 refuses it beside several interfaces"
    (rule,) = [r["Properties"] for n, r in template.find_resources(INGRESS).items() if "EfaRules" in n]
    assert rule["IpProtocol"] == "-1" and rule["GroupId"] == rule["SourceSecurityGroupId"]
    waiting = next(r for n, r in template.find_resources(NG).items() if n.startswith("ClusterBlock"))["DependsOn"]
    assert any("EfaRules" in name for name in waiting)


def test_efa_begins_on_the_card_that_has_it(template: Template) -> None:
    interfaces = launched(template, "SecondCard")["NetworkInterfaces"]
    assert [(one.get("InterfaceType"), one.get("NetworkCardIndex", 0)) for one in interfaces] == [
        (None, 0), ("efa-only", 1), ("efa-only", 2),
    ]  # fmt: skip
    assert not any("AssociatePublicIpAddress" in one for one in interfaces), "EC2 refuses it beside several interfaces"


def test_reserved_capacity_warm_nodes_and_a_further_encrypted_volume(template: Template) -> None:
    properties, data = group(template, "Reserved"), launched(template, "Reserved")
    assert properties["CapacityType"] == "ON_DEMAND" and "InstanceMarketOptions" not in data
    assert list(data["CapacityReservationSpecification"]["CapacityReservationTarget"]) == [
        "CapacityReservationResourceGroupArn"
    ]
    assert properties["WarmPoolConfig"] == {
        "Enabled": True, "MinSize": 2, "MaxGroupPreparedCapacity": 5, "PoolState": "STOPPED", "ReuseOnScaleIn": False,
    }  # fmt: skip
    (volume,) = [one["Ebs"] for one in data["BlockDeviceMappings"] if one["DeviceName"] == "/dev/xvdc"]
    assert (volume["Encrypted"], volume["VolumeSize"], volume["Iops"], volume["Throughput"]) == (True, 500, 6000, 500)
    assert "Volumes" in volume["KmsKeyId"]["Fn::GetAtt"][0]


def test_nodes_with_an_image_of_yours_bring_what_eks_does_not_tell_them(template: Template) -> None:
    properties, data = group(template, "Image"), launched(template, "Image")
    assert "AmiType" not in properties and data["ImageId"] == "ami-0123456789abcdef0"
    parts = data["UserData"]["Fn::Base64"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else "known-at-deployment" for part in parts)
    settings = tomllib.loads(text)["settings"]
    assert settings["kubernetes"]["cluster-name"] == "Nodes-Cluster"
    assert settings["kubernetes"]["api-server"] == "known-at-deployment"
    assert settings["kubernetes"]["cluster-dns-ip"] == "172.20.0.10"
    assert settings["kubernetes"]["node-taints"] == {"own": [":NoSchedule"]}
    assert settings["kernel"] == {"lockdown": "integrity"}, "hardened all the same"
    instance = next(t for t in data["TagSpecifications"] if t["ResourceType"] == "instance")
    assert {"Key": "hardened-eks:image-evidence", "Value": "build 1234: CIS level 2"} in instance["Tags"]
    old = launched(template, "OldImage")["UserData"]["Fn::Base64"]["Fn::Join"][1]
    assert "cidr: 172.20.0.0/16" in "".join(part for part in old if isinstance(part, str))


def test_warnings_of_an_old_image_and_of_a_block_that_has_not_begun(stack: cdk.Stack) -> None:
    (found,) = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("built 61 days ago"))
    assert "OldImage" in found.id
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("before the Capacity Block begins"))
    other = cdk.Stack(cdk.App(), "Early")
    cluster = hardened.Cluster(other, "Cluster", version="1.36")
    cluster.add_node_group(
        "Block", instance_types=["p5.48xlarge"], nvidia=True, reservation=BLOCK,
        subnets=cluster.network.node_subnets[:1],
    )  # fmt: skip
    Annotations.from_stack(other).has_warning("*", Match.string_like_regexp("before the Capacity Block begins"))


def test_the_checks_find_nothing_but_the_images_of_yours(template: Template) -> None:
    body = template.to_json()
    result = evaluate(Assembly([Evidence("nodes", body)]), CATALOGUE)
    nodes = {i for i, r in body["Resources"].items() if r["Type"] in {LT, NG, INGRESS}}
    found = {
        (f.control.id, f.resource.logical_id)
        for f in result.findings
        if f.resource is not None and f.resource.logical_id in nodes
    }
    assert {id_ for id_, _ in found} == {"ND-13"}
    assert all("Image" in name for _, name in found)


REFUSED = {
    "two paces": ({"max_unavailable": 2, "max_unavailable_percent": 10}, "pass only one of them"),
    "a share of more than all": ({"max_unavailable_percent": 101}, "max_unavailable_percent needs 1 to 100 percent"),
    "no flag": ({"minimal_update": "yes"}, "minimal_update"),
    "no image": ({"image": "ami-0123456789abcdef0"}, "image needs a NodeImage"),
    "an image and a release": ({"image": IMAGE, "version": "1.36"}, "version is only for AWS images"),
    "an image and FIPS": ({"image": IMAGE, "fips": True}, "fips is only for AWS images"),
    "an image without services": (
        {"image": IMAGE, "operating_system": hardened.OperatingSystem.AL2023},
        "image need service_cidr",
    ),
    "an image too new": (
        {"image": hardened.NodeImage(id=IMAGE.id, kubernetes="1.37", built=IMAGE.built, evidence="b")},
        "image: version needs the cluster's version 1.36",
    ),
    "no reservation": ({"reservation": "cr-1"}, "reservation needs a CapacityReservation"),
    "a reservation of spot": (
        {"reservation": hardened.CapacityReservation(id="cr-0123456789abcdef0"), "spot": True},
        "spot=True cannot use a reservation",
    ),
    "a block of two types": (
        {"reservation": BLOCK, "instance_types": ["m7g.large", "m7g.xlarge"]},
        "a Capacity Block has one instance type",
    ),
    "a block in all zones": ({"reservation": BLOCK}, "a Capacity Block is in one zone: subnets needs one subnet"),
    "no placement group": ({"placement_group": "near"}, "placement_group needs an ec2.PlacementGroup"),
    "many cards": ({"efa_cards": 33}, "efa_cards needs 0 to 32"),
    "efa in all zones": ({"efa_cards": 1}, "EFA traffic cannot leave its subnet"),
    "a type without efa": (
        {"efa_cards": 1},
        "efa_cards=1, but m7g.large has no Elastic Fabric Adapter: use ",
    ),
    "more adapters than there are": (
        {"efa_cards": 3, "instance_types": ["m7g.16xlarge"]},
        "efa_cards=3, but m7g.16xlarge supports 1: use ",
    ),
    "efa on different cards": (
        {"efa_cards": 2, "instance_types": ["p6-b300.48xlarge", "p5.48xlarge"], "nvidia": True},
        "(p6-b300.48xlarge from card 1 on, p5.48xlarge from card 0 on): make one group for each",
    ),
    "volumes by size": ({"volumes": [100]}, "volumes needs a list of NodeVolume"),
    "one device twice": (
        {"volumes": [hardened.NodeVolume(device="/dev/xvdc", size_gib=1)] * 2},
        "volumes has /dev/xvdc twice",
    ),
    "a warm pool by size": ({"warm_pool": 2}, "warm_pool needs a WarmPool"),
    "a warm pool of spot": ({"warm_pool": hardened.WarmPool(), "spot": True}, "has only on-demand instances"),
    "hibernating Bottlerocket": (
        {"warm_pool": hardened.WarmPool(state=hardened.WarmPoolState.HIBERNATED)},
        "HIBERNATED does not work with Bottlerocket",
    ),
    "a warm pool of your own image": ({"warm_pool": hardened.WarmPool(), "image": IMAGE}, "a warm pool has only images of EKS"),
    "nodes used again": ({"warm_pool": hardened.WarmPool(reuse=True)}, "reuse=True does not work with Bottlerocket"),
    "a small warm pool": ({"warm_pool": hardened.WarmPool(min=3, max_prepared=2)}, "max_prepared of min (3) or more"),
    "a tag of AWS": ({"tags": {"aws:team": "a"}}, "tags has the key 'aws:team'"),
    "a tag without a key": ({"tags": {"": "a"}}, "tags has the key ''"),
    "no tags": ({"tags": ["a"]}, "tags needs a mapping"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    return hardened.Cluster(cdk.Stack(cdk.App(), "Nodes"), "Cluster", version="1.36")


@pytest.mark.parametrize("name", REFUSED)
def test_what_ec2_or_eks_would_refuse_is_refused_first(cluster: hardened.Cluster, name: str) -> None:
    arguments, message = REFUSED[name]
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_node_group("bad", **{"instance_types": ["m7g.large"], **arguments})
    assert message in str(caught.value)


def test_every_mistake_of_a_value_is_named_at_once(cluster: hardened.Cluster) -> None:
    for make, words in (
        (lambda: hardened.CapacityReservation(id="cr-1", group_arn="g", block="x"), ("exactly one of", "cr-0123", "'g'", "block")),  # type: ignore[arg-type]
        (lambda: hardened.CapacityReservation(), ("exactly one of",)),
        (
            lambda: hardened.CapacityReservation(group_arn="arn:aws:resource-groups:eu-west-1:123456789012:group/mine", block=True),
            ("block=True needs id, since EKS accepts a Capacity Block only by its ID",),
        ),
        (lambda: hardened.WarmPool(min=-1, max_prepared=0, state="COLD", reuse=1), ("min needs", "max_prepared", "COLD", "reuse")),  # type: ignore[arg-type]
        (lambda: hardened.NodeVolume(device="/dev/xvda", size_gib=0, iops=1, throughput=1), ("/dev/xvdc", "size_gib", "iops", "throughput")),
        (lambda: hardened.NodeVolume(device="/dev/xvdc", size_gib=9, iops=5000, throughput=1500), ("6000 or more", "size_gib of 10")),
        (lambda: hardened.NodeVolume(device="/dev/xvdc", size_gib=100, throughput=1000), ("iops of 4000 or more, got 3000",)),
        (lambda: hardened.NodeImage(id="x", kubernetes="1.36", built="today", evidence=""), ("ami-0123", "datetime.date", "evidence")),  # type: ignore[arg-type]
    ):  # fmt: skip
        with pytest.raises(ConfigurationError) as caught:
            make()
        for word in words:
            assert word in str(caught.value), word
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_node_group("bad", instance_types=["m7g.large"], efa_cards=-1, volumes=3, tags=5, warm_pool=1)  # type: ignore[typeddict-item]
    for word in ("efa_cards", "volumes", "tags", "warm_pool"):
        assert word in str(caught.value)


def test_dates_are_days() -> None:
    assert (
        hardened.NodeImage(id=IMAGE.id, kubernetes="1.36", built=date(2026, 1, 1), evidence="b").age(date(2026, 3, 1))
        == 59
    )


def test_cfn_lint_is_silent(template: Template) -> None:
    settings = cfnlint.api.ManualArgs(regions=["us-east-1"], ignore_checks=[*READS_THE_CALENDAR])
    found = cfnlint.api.lint(json.dumps(template.to_json()), config=settings)
    assert [f"{m.rule.id} {m.message} at {m.path}" for m in found] == []
