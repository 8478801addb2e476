"""What is said to the CDK's interfaces reaches the resources behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

import hardened_eks as hardened

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import IConstruct

READ_ONLY = iam.ManagedPolicy.from_aws_managed_policy_name


class Parts:
    """A stack with one of everything that has a view."""

    def __init__(self) -> None:
        self.stack = cdk.Stack(cdk.App(), "Payments")
        cdk.Tags.of(self.stack).add("team", "platform")
        network = hardened.Network(self.stack, "Network", pod_cidrs=["100.64.0.0/16"], availability_zones=2)
        self.cluster = hardened.Cluster(self.stack, "Cluster", version="1.36", network=network)
        self.network = network
        self.cluster.add_node_group("general", instance_types=["m7g.large"])
        self.break_glass = self.cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
        self.repository = hardened.Repository(self.stack, "Images", encryption_key=self.cluster.keys.images)
        self.topic = hardened.alerts.Topic(self.stack, "Alerts")

    def tags(self) -> dict[str, dict[str, str]]:
        """Return the tags of every resource, by logical id."""
        resources = Template.from_stack(self.stack).to_json()["Resources"]
        listed = {name: one.get("Properties", {}).get("Tags", []) for name, one in resources.items()}
        return {n: {tag["Key"]: tag["Value"] for tag in tags} for n, tags in listed.items() if isinstance(tags, list)}


VIEWS: dict[str, tuple[Callable[[Parts], Any], str]] = {
    "node_security_group": (lambda p: p.cluster.node_security_group, "ClusterNodeSecuritySecurityGroup"),
    "security_group": (lambda p: p.cluster.security_group, "ClusterSecurityGroup"),
    "endpoints_security_group": (lambda p: p.network.endpoints_security_group, "NetworkEndpointsSecurityGroup"),
    "node_subnets": (lambda p: p.network.node_subnets[1], "NetworkNodesSubnet2"),
    "control_plane_subnets": (lambda p: p.network.control_plane_subnets[0], "NetworkControlPlaneSubnet1"),
    "pod_subnets": (lambda p: p.network.pod_subnets[0], "NetworkPods0Subnet1"),
    "log_group": (lambda p: p.cluster.log_group, "ClusterLogGroup"),
    "role": (lambda p: p.cluster.role, "ClusterRole"),
    "break glass": (lambda p: p.break_glass.role, "ClusterBreakGlassRole"),
    "repository": (lambda p: p.repository.repository, "Images"),
    "topic": (lambda p: p.topic.topic, "Alerts"),
    "key": (lambda p: p.cluster.keys.volumes, "ClusterKeysVolumes"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_tag_reaches_one_resource(name: str) -> None:
    parts = Parts()
    view, wanted = VIEWS[name]
    cdk.Tags.of(view(parts)).add("karpenter.sh/discovery", "payments")
    cdk.Tags.of(view(parts)).add("team", "data")  # the nearer one wins
    (tagged,) = [key for key, tags in parts.tags().items() if "karpenter.sh/discovery" in tags]
    assert tagged[:-8] == wanted or tagged.startswith(wanted)
    assert parts.tags()[tagged]["team"] == "data"


def test_the_vpc_and_its_subnets_are_tagged_together() -> None:
    parts = Parts()
    cdk.Tags.of(parts.network.vpc).add("zone", "inner")
    tagged = sorted(key[:-8] for key, tags in parts.tags().items() if "zone" in tags)
    subnets = [f"Network{name}Subnet{number}" for name in ("ControlPlane", "Nodes") for number in (1, 2)]
    assert tagged == sorted([*subnets, "NetworkVpc"])


def test_karpenter_finds_what_it_discovers() -> None:
    """https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/: subnets and the nodes' group."""
    parts = Parts()
    discovered: list[IConstruct] = [parts.cluster.node_security_group, *parts.network.node_subnets]
    for view in discovered:
        cdk.Tags.of(view).add("karpenter.sh/discovery", parts.cluster.name)
    found = sorted(key[:-8] for key, tags in parts.tags().items() if "karpenter.sh/discovery" in tags)
    assert found == ["ClusterNodeSecuritySecurityGroup", "NetworkNodesSubnet1", "NetworkNodesSubnet2"]


def test_a_view_can_exclude_types() -> None:
    parts = Parts()
    cdk.Tags.of(parts.network.vpc).add("zone", "inner", exclude_resource_types=["AWS::EC2::Subnet"])
    assert [key[:-8] for key, tags in parts.tags().items() if "zone" in tags] == ["NetworkVpc"]


@pytest.mark.parametrize("name", ["role", "break glass"])
def test_a_role_takes_managed_policies_and_grants(name: str) -> None:
    parts = Parts()
    view, wanted = VIEWS[name]
    role = view(parts)
    before = roles(Parts())[wanted].get("ManagedPolicyArns", [])
    role.add_managed_policy(READ_ONLY("ReadOnlyAccess"))
    role.add_managed_policy(READ_ONLY("job-function/Billing"))
    s3.Bucket.from_bucket_name(parts.stack, "Bucket", "invoices").grant_read(role)
    attached = roles(parts)[wanted]["ManagedPolicyArns"]
    assert attached[: len(before)] == before
    assert [str(arn).rsplit("/", 1)[-1].rstrip("]}'") for arn in attached[len(before) :]] == [
        "ReadOnlyAccess",
        "Billing",
    ]
    template = Template.from_stack(parts.stack)
    grants = [one["Properties"] for one in template.find_resources("AWS::IAM::ManagedPolicy").values()]
    (granted,) = [one for one in grants if "s3:GetObject*" in str(one["PolicyDocument"])]
    (attached_to,) = granted["Roles"]
    assert attached_to["Ref"].startswith(wanted)
    template.resource_count_is("AWS::IAM::Policy", 0)


def test_a_role_can_be_the_cause_of_rights_over_itself() -> None:
    parts = Parts()
    role = parts.cluster.role
    assert parts.cluster.role is role
    deployer = iam.Role(parts.stack, "Deployer", assumed_by=iam.AccountRootPrincipal())
    role.grant_pass_role(deployer)
    role.grant_assume_role(deployer)
    inline = iam.Policy(
        parts.stack, "Inline", statements=[iam.PolicyStatement(actions=["s3:ListBucket"], resources=["*"])]
    )
    role.attach_inline_policy(inline)
    assert role.add_to_principal_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])).statement_added
    template = Template.from_stack(parts.stack).to_json()["Resources"]
    policies = [str(one["Properties"]) for one in template.values() if one["Type"] == "AWS::IAM::Policy"]
    assert any("iam:PassRole" in one and "sts:AssumeRole" in one for one in policies)
    assert any("s3:ListBucket" in one and "'Ref': 'ClusterRole" in one for one in policies)


def roles(parts: Parts) -> dict[str, dict[str, Any]]:
    found = Template.from_stack(parts.stack).find_resources("AWS::IAM::Role")
    return {name[:-8]: one["Properties"] for name, one in found.items()}
