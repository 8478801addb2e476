"""Nitro nodes, closed to everybody but Kubernetes."""

import base64
import inspect
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template
from hypothesis import given, settings
from hypothesis import strategies as st

import hardened_eks as hardened
from hardened_eks.data import instances
from hardened_eks.errors import ConfigurationError
from hardened_eks.compute import NodeGroupOptions, OperatingSystem, Scaling, Taint, TaintEffect
from hardened_eks.compute import _image

LT, NG = "AWS::EC2::LaunchTemplate", "AWS::EKS::Nodegroup"


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    return hardened.Cluster(cdk.Stack(cdk.App(), "Nodes"), "Cluster", version="1.36")


COUNTER = iter(range(10_000))


def add(cluster: hardened.Cluster, **arguments: Any) -> hardened.NodeGroup:
    return cluster.add_node_group(f"group{next(COUNTER)}", **{"instance_types": ["m7g.large"], **arguments})


def synthesized(**arguments: Any) -> tuple[hardened.NodeGroup, dict[str, Any], dict[str, Any]]:
    """A group in a stack of its own, with the node group's and the launch template's properties."""
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    group = cluster.add_node_group("group", **{"instance_types": ["m7g.large"], **arguments})
    template = Template.from_stack(stack)
    node = next(iter(template.find_resources(NG).values()))["Properties"]
    return group, node, next(iter(template.find_resources(LT).values()))["Properties"]["LaunchTemplateData"]


@pytest.fixture(scope="module")
def default() -> Template:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    return Template.from_stack(stack)


def test_metadata_is_closed_to_pods(default: Template) -> None:
    default.has_resource_properties(
        LT,
        {
            "LaunchTemplateData": {
                "MetadataOptions": {
                    "HttpEndpoint": "enabled",
                    "HttpTokens": "required",
                    "HttpPutResponseHopLimit": 1,
                    "InstanceMetadataTags": "disabled",
                }
            }
        },
    )


def test_volumes_are_encrypted_with_the_customer_key(default: Template) -> None:
    template = next(iter(default.find_resources(LT).values()))["Properties"]["LaunchTemplateData"]
    devices = {m["DeviceName"]: m["Ebs"] for m in template["BlockDeviceMappings"]}
    assert set(devices) == {"/dev/xvda", "/dev/xvdb"}
    for ebs in devices.values():
        assert ebs["Encrypted"] is True and ebs["VolumeType"] == "gp3"
        assert "Volumes" in ebs["KmsKeyId"]["Fn::GetAtt"][0]


def test_no_way_in(default: Template) -> None:
    template = next(iter(default.find_resources(LT).values()))["Properties"]["LaunchTemplateData"]
    assert {"KeyName", "IamInstanceProfile", "InstanceType", "ImageId"} & set(template) == set()
    assert template["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False
    assert template["NetworkInterfaces"][0]["DeleteOnTermination"] is True, "one that stays keeps its security group"
    assert template["Monitoring"] == {"Enabled": True}
    group = next(iter(default.find_resources(NG).values()))["Properties"]
    assert {"RemoteAccess", "DiskSize", "NodegroupName", "ForceUpdateEnabled", "ReleaseVersion"} & set(group) == set()
    assert group["NodeRepairConfig"] == {"Enabled": True}


def test_bottlerocket_settings(default: Template) -> None:
    template = next(iter(default.find_resources(LT).values()))["Properties"]["LaunchTemplateData"]
    toml = __import__("tomllib").loads(base64.b64decode(template["UserData"]).decode())["settings"]
    assert toml == {
        "host-containers": {"admin": {"enabled": False}, "control": {"enabled": False}},
        "kubernetes": {"seccomp-default": True},
        "kernel": {"lockdown": "integrity"},
    }


def test_the_role_joins_and_pulls_and_nothing_else(default: Template) -> None:
    default.has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Action": "sts:AssumeRole",
                        "Effect": "Allow",
                        "Principal": {"Service": "ec2.amazonaws.com"},  # in every partition
                    }
                ]
            },
            "ManagedPolicyArns": [
                {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{name}"]]}
                for name in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
            ],
            "Policies": Match.absent(),
        },
    )


def test_nodes_come_after_network_addons_and_endpoints_and_before_coredns(default: Template) -> None:
    resources = default.to_json()["Resources"]
    group = next(r for r in resources.values() if r["Type"] == NG)
    needed = " ".join(group["DependsOn"])
    for name in ("vpccni", "kubeproxy", "ekspodidentityagent", "S3Endpoint", "EcrApiEndpoint", "EksAuthEndpoint"):
        assert name in needed, name
    coredns = next(
        r for i, r in resources.items() if r["Type"] == "AWS::EKS::Addon" and r["Properties"]["AddonName"] == "coredns"
    )
    assert any("general" in name for name in coredns["DependsOn"])


def test_a_group_in_another_stack_comes_after_the_clusters_own() -> None:
    app = cdk.App()
    stack, other = cdk.Stack(app, "Cluster"), cdk.Stack(app, "Gpu")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    hardened.NodeGroup(other, "Gpu", cluster=cluster, instance_types=["g6.xlarge"], nvidia=True)
    assembly = app.synth()
    assert "Cluster" in [needed.id for needed in assembly.get_stack_by_name("Gpu").dependencies]
    assert "Gpu" not in [needed.id for needed in assembly.get_stack_by_name("Cluster").dependencies]


def test_add_ons_wait_for_a_group_in_a_nested_stack() -> None:
    stack = cdk.Stack(cdk.App(), "Cluster")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    hardened.NodeGroup(cdk.NestedStack(stack, "Nodes"), "general", cluster=cluster, instance_types=["m7g.large"])
    addons = Template.from_stack(stack).find_resources("AWS::EKS::Addon").values()
    coredns = next(addon for addon in addons if addon["Properties"]["AddonName"] == "coredns")
    assert any(name.startswith("Nodes") for name in coredns["DependsOn"])


def test_a_group_for_an_imported_cluster_stands_in_any_stack() -> None:
    app = cdk.App()
    stack, other = cdk.Stack(app, "Import"), cdk.Stack(app, "Nodes")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], isolated_subnet_ids=["subnet-1", "subnet-2"]
    )
    group = ec2.SecurityGroup.from_security_group_id(stack, "Plane", "sg-1")
    others = ec2.SecurityGroup.from_security_group_id(stack, "Others", "sg-2")
    cluster = hardened.Cluster.from_cluster_attributes(
        stack, "Cluster", name="prod", vpc=vpc, security_group=group, node_security_group=others
    )
    hardened.NodeGroup(other, "general", cluster=cluster, instance_types=["m7g.large"])
    assert "Import" in [needed.id for needed in app.synth().get_stack_by_name("Nodes").dependencies]


def test_fails_when_the_first_group_is_in_another_stack() -> None:
    """Add-ons of the cluster's stack would wait for a stack that waits for them."""
    app = cdk.App()
    cluster = hardened.Cluster(cdk.Stack(app, "Cluster"), "Cluster", version="1.36")
    with pytest.raises(ConfigurationError) as caught:
        hardened.NodeGroup(cdk.Stack(app, "Nodes"), "general", cluster=cluster, instance_types=["m7g.large"])
    for text in ("'Nodes'", "'Cluster'", "first", "from_cluster_attributes"):
        assert text in str(caught.value)


def test_al2023() -> None:
    group, _, template = synthesized(operating_system=OperatingSystem.AL2023, instance_types=["m7i.large"])
    assert group.ami_type == "AL2023_x86_64_STANDARD"
    text = base64.b64decode(template["UserData"]).decode()
    assert "application/node.eks.aws" in text and "seccompDefault: true" in text
    assert [m["DeviceName"] for m in template["BlockDeviceMappings"]] == ["/dev/xvda"]


@pytest.mark.parametrize(
    ("arguments", "ami"),
    [
        ({"fips": True}, "BOTTLEROCKET_ARM_64_FIPS"),
        ({"instance_types": ["m7i.large"]}, "BOTTLEROCKET_x86_64"),
        ({"instance_types": ["g6.xlarge"], "nvidia": True}, "BOTTLEROCKET_x86_64_NVIDIA"),
        ({"instance_types": ["g6.xlarge"], "nvidia": True, "fips": True}, "BOTTLEROCKET_x86_64_NVIDIA_FIPS"),
        (
            {
                "instance_types": ["g5g.xlarge"],
                "nvidia": True,
                "operating_system": "al2023",
                "allow_unencrypted_transit": True,
            },
            "AL2023_ARM_64_NVIDIA",
        ),
    ],
)
def test_image_follows_from_types_and_choices(cluster: hardened.Cluster, arguments: dict[str, Any], ami: str) -> None:
    assert add(cluster, **arguments).ami_type == ami


def test_every_ami_type_is_one_that_cloudformation_knows() -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    known = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", NG).schema["properties"]["AmiType"]["enum"]
    assert set(_image._AMI_TYPES.values()) <= set(known)


def test_choices_are_passed_on(cluster: hardened.Cluster) -> None:
    role = iam.Role.from_role_arn(cluster, "Mine", "arn:aws:iam::123456789012:role/nodes")
    _, properties, template = synthesized(
        spot=True,
        role=role,
        version="1.35",
        release_version="1.35.1-20261101",
        max_unavailable=3,
        disk_gib=100,
        scaling=Scaling(min=0, max=10, desired=4),
        labels={"team": "payments"},
        session_manager=True,
        taints=[
            Taint(key="gpu", value="yes"),
            Taint(key="spot", effect=TaintEffect.NO_EXECUTE),
            Taint(key="old", effect="PREFER_NO_SCHEDULE"),  # type: ignore[arg-type]
        ],
    )
    assert properties["CapacityType"] == "SPOT"
    assert properties["NodeRole"] == "arn:aws:iam::123456789012:role/nodes"
    assert properties["ScalingConfig"] == {"MinSize": 0, "MaxSize": 10, "DesiredSize": 4}
    assert properties["UpdateConfig"] == {"MaxUnavailable": 3}
    assert (properties["Version"], properties["ReleaseVersion"]) == ("1.35", "1.35.1-20261101")
    assert properties["Taints"] == [
        {"Key": "gpu", "Value": "yes", "Effect": "NO_SCHEDULE"},
        {"Key": "spot", "Effect": "NO_EXECUTE"},
        {"Key": "old", "Effect": "PREFER_NO_SCHEDULE"},
    ]
    assert template["BlockDeviceMappings"][1]["Ebs"]["VolumeSize"] == 100
    assert "enabled = true" in base64.b64decode(template["UserData"]).decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"instance_types": ["m4.large"]}, ["m4.large runs on Xen", "use m"]),
        ({"instance_types": ["m7q.large"]}, ["'m7q.large'", "did you mean", "allow_unlisted_types"]),
        ({"instance_types": ["large"]}, ["'large'"]),
        ({"instance_types": ["m7g.large", "m7i.large"]}, ["mixes architectures", "m7i.large is x86_64"]),
        ({"instance_types": ["m7g.large", "m7g.large"]}, ["m7g.large twice"]),
        ({"instance_types": []}, ["1 to 20", "[]"]),
        ({"instance_types": "m7g.large"}, ["a list", "'m7g.large'"]),
        ({"instance_types": ["${Token[A.1]}"]}, ["known now"]),
        ({"instance_types": ["t3.large"]}, ["t3.large does not encrypt", "allow_unencrypted_transit"]),
        ({"instance_types": ["mac2.metal"]}, ["mac2.metal", "no image"]),
        ({"fips": True, "operating_system": "al2023"}, ["fips=True", "BOTTLEROCKET"]),
        ({"nvidia": True}, ["nvidia=True needs", "got m7g.large"]),
        ({"instance_types": ["g6.xlarge"]}, ["pass nvidia=True"]),
        ({"operating_system": "windows"}, ["bottlerocket, al2023", "'windows'"]),
        ({"labels": {"my team": "x"}}, ["'my team'"]),
        ({"labels": {"team": "a b"}}, ["'a b'"]),
        ({"labels": {"node-role.kubernetes.io/worker": "x"}}, ["reserved for Kubernetes"]),
        ({"labels": {"node.cluster.k8s.io/worker": "x"}}, ["reserved for Kubernetes"]),
        ({"taints": [Taint(key="-x")]}, ["'-x'"]),
        ({"taints": [Taint(key="x"), Taint(key="x", value="y")]}, ["'x'", "twice"]),
        (
            {"operating_system": "al2023", "release_version": "1.37.0-20261101"},
            ["release_version needs the cluster's version 1.36", "got '1.37.0-20261101'"],
        ),
        ({"disk_gib": 5}, ["20 to 65536", "got 5"]),
        ({"max_unavailable": 0}, ["1 to 100", "got 0"]),
    ],
)
def test_fails_when(cluster: hardened.Cluster, arguments: dict[str, Any], words: list[str]) -> None:
    before = len(cluster.node.find_all())
    with pytest.raises(ConfigurationError) as caught:
        add(cluster, **arguments)
    for word in words:
        assert word in str(caught.value)
    assert len(cluster.node.find_all()) == before, "nothing is created before the arguments are good"


def test_fails_with_all_mistakes_at_once(cluster: hardened.Cluster) -> None:
    with pytest.raises(ConfigurationError) as caught:
        add(cluster, instance_types=["m4.large", "nope.large"], disk_gib=1, max_unavailable=0, labels={"a b": "c"})
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    ("egress", "fips", "warned"),
    [("none", True, True), ("none", False, False), ("nat", True, False)],
)
def test_warns_of_fips_images_where_nothing_leads_to_ecrs_fips_endpoint(egress: str, fips: bool, warned: bool) -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    network = hardened.Network(stack, "Network", egress=hardened.Egress(egress))
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", network=network)
    cluster.add_node_group("group", instance_types=["m7g.large"], fips=fips)
    said = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("FIPS endpoint.*Egress.NAT"))
    assert bool(said) == warned


@pytest.mark.parametrize(
    "arguments",
    [
        {"min": 5, "max": 2},
        {"min": -1},
        {"max": 0, "min": 0},
        {"min": 1, "desired": 9, "max": 3},
        {"min": "1"},
        {"min": 1.5},
    ],
)
def test_scaling_fails_when(arguments: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="scaling needs|whole number"):
        Scaling(**arguments)


def test_newer_types(cluster: hardened.Cluster) -> None:
    assert add(cluster, instance_types=["m7g.128xlarge"]).ami_type == "BOTTLEROCKET_ARM_64"
    assert add(cluster, instance_types=["m99g.large"], allow_unlisted_types=True).ami_type == "BOTTLEROCKET_ARM_64"
    assert add(cluster, instance_types=["t3.large"], allow_unencrypted_transit=True).ami_type == "BOTTLEROCKET_x86_64"


NITRO = [n for n in instances.names() if (k := instances.lookup(n)) and k.nitro and k.encryption_in_transit]


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(sorted(NITRO)),
    system=st.sampled_from(list(OperatingSystem)),
    fips=st.booleans(),
    nvidia=st.booleans(),
    spot=st.booleans(),
    session=st.booleans(),
    disk=st.integers(1, 200),
)
def test_whatever_is_accepted_is_hardened(
    name: str, system: OperatingSystem, fips: bool, nvidia: bool, spot: bool, session: bool, disk: int
) -> None:
    try:
        group, _, template = synthesized(
            instance_types=[name],
            operating_system=system,
            fips=fips,
            nvidia=nvidia,
            spot=spot,
            session_manager=session,
            disk_gib=disk,
        )
    except ConfigurationError:
        return
    assert template["MetadataOptions"]["HttpTokens"] == "required"
    assert template["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert all(m["Ebs"]["Encrypted"] is True and "KmsKeyId" in m["Ebs"] for m in template["BlockDeviceMappings"])
    assert all(i["AssociatePublicIpAddress"] is False for i in template["NetworkInterfaces"])
    assert ("arm64" in instances.lookup(name).architectures) == ("ARM_64" in group.ami_type)  # type: ignore[union-attr]
    assert json.dumps(template).count("KeyName") == 0


class TestOptions:
    """`Cluster.add_node_group` is typed by a TypedDict that repeats the arguments."""

    def test_they_are_the_arguments(self) -> None:
        arguments = {
            name: parameter
            for name, parameter in inspect.signature(hardened.NodeGroup.__init__).parameters.items()
            if name not in ("self", "scope", "id", "cluster")
        }
        options = {name: hint.__forward_arg__ for name, hint in NodeGroupOptions.__annotations__.items()}
        assert {name: text.removeprefix("Required[").removesuffix("]") if text.startswith("Required[") else text
                for name, text in options.items()} == {name: p.annotation for name, p in arguments.items()}  # fmt: skip
        assert {name for name, text in options.items() if text.startswith("Required[")} == {
            name for name, parameter in arguments.items() if parameter.default is parameter.empty
        }
