"""What is said to the CDK's interfaces reaches the resources behind them."""

from __future__ import annotations

import inspect
import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from constructs import Construct

import hardened_eks as hardened
from hardened_eks.baseline import Settings

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


class Everything(Parts):
    """With what takes longer to create."""

    def __init__(self) -> None:
        super().__init__()
        layer = lambda_.LayerVersion.from_layer_version_arn(self.stack, "Layer", "arn:aws:lambda:eu-west-1:1:layer:k:1")
        self.kubectl = self.cluster.add_kubectl(layer=layer, namespaces=["billing"])
        self.workloads = hardened.Workloads(
            self.stack, "Workloads", cluster=self.cluster, baseline=Settings(), layer=layer
        )
        self.host = hardened.AdminHost(self.stack, "Host", cluster=self.cluster)
        who = {"cluster": self.cluster, "namespace": "billing"}
        self.pod = hardened.PodRole(self.stack, "Pod", service_account="reader", **who)
        self.trail = hardened.Trail(self.stack, "Trail")
        self.old = hardened.ServiceAccountRole(self.stack, "Old", service_account="old", **who)


VIEWS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "Cluster.as_cdk_cluster": (lambda p: p.cluster.as_cdk_cluster, "Cluster"),
    "Cluster.node_security_group": (lambda p: p.cluster.node_security_group, "ClusterNodeSecuritySecurityGroup"),
    "Cluster.security_group": (lambda p: p.cluster.security_group, "ClusterSecurityGroup"),
    "Cluster.log_group": (lambda p: p.cluster.log_group, "ClusterLogGroup"),
    "Cluster.role": (lambda p: p.cluster.role, "ClusterRole"),
    "Network.endpoints_security_group": (lambda p: p.network.endpoints_security_group, "NetworkEndpointsSecurityGroup"),
    "Network.node_subnets": (lambda p: p.network.node_subnets[1], "NetworkNodesSubnet2"),
    "Network.control_plane_subnets": (lambda p: p.network.control_plane_subnets[0], "NetworkControlPlaneSubnet1"),
    "Network.pod_subnets": (lambda p: p.network.pod_subnets[0], "NetworkPods0Subnet1"),
    "AdminHost.security_group": (lambda p: p.host.security_group, "HostSecurityGroup"),
    "Kubectl.security_group": (lambda p: p.kubectl.security_group, "ClusterKubectlSecuritySecurityGroup"),
    "Kubectl.role": (lambda p: p.kubectl.role, "ClusterKubectlRole"),
    "Workloads.role": (lambda p: p.workloads.role, "WorkloadsHandlerRole"),
    "PodRole.role": (lambda p: p.pod.role, "PodRole"),
    "ServiceAccountRole.role": (lambda p: p.old.role, "OldRole"),
    "BreakGlassRole.role": (lambda p: p.break_glass.role, "ClusterBreakGlassRole"),
    "Repository.repository": (lambda p: p.repository.repository, "Images"),
    "Trail.log_group": (lambda p: p.trail.log_group, "TrailLogGroup"),
    "Topic.topic": (lambda p: p.topic.topic, "AlertsTopic"),
    **{
        f"Keys.{name}": (lambda p, name=name: getattr(p.cluster.keys, name), f"ClusterKeys{name.capitalize()}")
        for name in ("functions", "images", "logs", "notifications", "secrets", "volumes")
    },
}  # fmt: skip
ELSEWHERE = {
    "Network.vpc": "brings its subnets, see below",
    "Kubectl.provider": "the CDK's own construct, with its functions below it",
    "ImportedCluster.as_cdk_cluster": "a cluster of another stack",
    "ImportedCluster.security_group": "the group given",
    "ImportedCluster.node_security_group": "the group given, or one like the cluster's, see below",
    "Addon.role": "the role given",
    "Keys.existing": "the keys of the members above, by name",
    "PodRole.grant_principal": "takes statements alone: no construct",
    "ServiceAccountRole.grant_principal": "takes statements alone: no construct",
}
"""Members of the CDK's kinds that no tag is for, and why."""


def test_every_member_of_a_kind_of_the_cdk_is_among_them() -> None:
    found = set()
    for name in [*hardened.__all__, "alerts.Topic"]:
        class_ = attrgetter(name)(hardened)
        if not (isinstance(class_, type) and issubclass(class_, Construct)):
            continue
        members = {key: one for base in class_.__mro__ for key, one in inspect.get_annotations(base).items()}
        for key in dir(class_):
            one = inspect.getattr_static(class_, key)
            getter = one.fget if isinstance(one, property) else getattr(one, "func", None)
            members[key] = getattr(getter, "__annotations__", {}).get("return", members.get(key, ""))
        views = [key for key, kind in members.items() if re.search(r"\b\w+\.I[A-Z]", str(kind)) and key[0] != "_"]
        found |= {f"{class_.__name__}.{key}" for key in views}
    assert len(found) > 20
    assert found - VIEWS.keys() - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() <= found


@pytest.fixture(scope="module")
def tagged() -> dict[str, dict[str, str]]:
    """The tags of all resources of a stack, each of whose views has a tag of its own."""
    parts = Everything()
    for name, (view, _) in VIEWS.items():
        cdk.Tags.of(view(parts)).add(f"only/{name}", "payments")
        cdk.Tags.of(view(parts)).add("team", "data")  # the nearer one wins
    return parts.tags()


@pytest.mark.parametrize("name", VIEWS)
def test_a_tag_reaches_one_resource(tagged: dict[str, dict[str, str]], name: str) -> None:
    (found,) = [key for key, tags in tagged.items() if f"only/{name}" in tags]
    assert found[:-8] == VIEWS[name][1]
    assert tagged[found]["team"] == "data"


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


@pytest.mark.parametrize("name", ["Cluster.role", "BreakGlassRole.role"])
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
