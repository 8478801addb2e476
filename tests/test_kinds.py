"""Kinds are told by class, without a call into Node, and a wrong one is refused with what to pass instead."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from jsii._kernel.providers import process

import hardened_eks as hardened
from hardened_eks import _kinds
from hardened_eks._kinds import Kind, is_a, kind_problems
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks.errors import ConfigurationError

ROLE = "arn:aws:iam::123456789012:role/dev"
USER = "arn:aws:iam::123456789012:user/dev"
EC2 = "ec2.amazonaws.com"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Payments", env=cdk.Environment(account="123456789012", region="us-east-1"))


@pytest.fixture(scope="module")
def ours(stack: cdk.Stack) -> dict[str, Any]:
    """One of each of our constructs that somebody could pass where a part of it is needed."""
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    pod = {"cluster": cluster, "namespace": "a", "service_account": "b"}
    return {
        "cluster": cluster,
        "network": cluster.network,
        "keys": cluster.keys,
        "node_group": cluster.add_node_group("general", instance_types=["m7g.large"]),
        "break_glass_role": cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"]),
        "admin_host": hardened.AdminHost(stack, "Host", cluster=cluster),
        "pod_role": hardened.PodRole(stack, "Pod", **pod),
        "service_account_role": hardened.ServiceAccountRole(stack, "OldPod", **pod),
        "creator_role": hardened.CreatorRole(stack, "Creator", stack_prefix="Other"),
        "topic": hardened.alerts.Topic(stack, "Alerts"),
        "repository": hardened.Repository(stack, "Images"),
        "imported_cluster": hardened.Cluster.from_cluster_attributes(stack, "Imported", name="x"),
    }


@jsii.implements(ec2.ISubnet)
class Subnet:
    """Somebody's own, in Python."""


def objects(stack: cdk.Stack) -> dict[str, tuple[Kind, list[Any]]]:
    """Kind to objects of it: made here, imported, and what methods of the CDK return."""
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal(EC2))
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    attributes = {"vpc_id": "vpc-1", "availability_zones": ["a", "b"], "isolated_subnet_ids": ["s-1", "s-2"]}
    return {
        "vpc": (
            _kinds.VPC,
            [vpc, ec2.Vpc.from_vpc_attributes(stack, "Old", **attributes), ec2.Vpc.from_lookup(stack, "L", vpc_id="v")],
        ),
        "subnet": (
            _kinds.SUBNET,
            [vpc.private_subnets[0], ec2.Subnet.from_subnet_id(stack, "Subnet", "subnet-1"), Subnet()],
        ),
        "security group": (
            _kinds.SECURITY_GROUP,
            [
                ec2.SecurityGroup(stack, "Group", vpc=vpc),
                ec2.SecurityGroup.from_security_group_id(stack, "OldGroup", "sg-1"),
            ],
        ),
        "role": (
            _kinds.ROLE,
            [
                role,
                role.without_policy_updates(),
                iam.Role.from_role_arn(stack, "OldRole", ROLE),
                iam.Role.from_role_arn(stack, "Fixed", ROLE, mutable=False),
                iam.Role.from_role_name(stack, "Named", "dev"),
                iam.LazyRole(stack, "Lazy", assumed_by=iam.ServicePrincipal(EC2)),
            ],
        ),
        "user": (_kinds.USER, [iam.User(stack, "User"), iam.User.from_user_name(stack, "OldUser", "ana")]),
        "policy": (
            _kinds.MANAGED_POLICY,
            [iam.ManagedPolicy(stack, "Policy"), iam.ManagedPolicy.from_aws_managed_policy_name("ReadOnlyAccess")],
        ),
        "key": (
            _kinds.KEY,
            [
                kms.Key(stack, "Key"),
                kms.Key.from_key_arn(stack, "OldKey", "arn:aws:kms:us-east-1:123456789012:key/1"),
                kms.Key.from_lookup(stack, "FoundKey", alias_name="alias/x"),
            ],
        ),
        "alias": (_kinds.ALIAS, [kms.Alias.from_alias_name(stack, "Alias", "alias/x")]),
        "log group": (
            _kinds.LOG_GROUP,
            [logs.LogGroup(stack, "Logs"), logs.LogGroup.from_log_group_name(stack, "OldLogs", "x")],
        ),
        "topic": (
            _kinds.TOPIC,
            [
                sns.Topic(stack, "Topic"),
                sns.Topic.from_topic_arn(stack, "OldTopic", "arn:aws:sns:us-east-1:123456789012:x"),
            ],
        ),
    }


def test_kinds_are_told_without_a_call_into_node(monkeypatch: pytest.MonkeyPatch) -> None:
    table = objects(cdk.Stack(cdk.App(), "S", env=cdk.Environment(account="123456789012", region="us-east-1")))
    monkeypatch.setattr(process._NodeProcess, "send", lambda *_: pytest.fail("a call into Node"))
    for name, (_, values) in table.items():
        for value in values:
            found = {other for other, (kind, _) in table.items() if is_a(kind, value)}
            assert found == ({"alias", "key"} if name == "alias" else {name}), value


@pytest.mark.parametrize("value", ["vpc-1", 1, None, [], ec2.Vpc, SimpleNamespace(vpc_id="vpc-1")])
def test_what_only_looks_like_one_is_none(value: Any) -> None:
    assert not is_a(_kinds.VPC, value)


def test_an_l1_is_none(stack: cdk.Stack) -> None:
    assert not is_a(_kinds.KEY, kms.CfnKey(stack, "CfnKey"))


def test_an_object_whose_class_jsii_hides_is_asked() -> None:
    """jsii's front for objects is private to it: another version may keep what is behind it elsewhere."""
    hidden = type("Front", (), {"__module__": "jsii._reference_map", "vpc_id": "vpc-1"})()
    assert is_a(_kinds.VPC, hidden)
    assert not is_a(_kinds.KEY, hidden)


@pytest.mark.parametrize(
    ("kind", "argument", "given", "instead"),
    [
        (_kinds.SECURITY_GROUP, "security_group", "cluster", "cluster.security_group"),
        (_kinds.SECURITY_GROUP, "security_group", "imported_cluster", "imported_cluster.security_group"),
        (_kinds.SECURITY_GROUP, "group", "admin_host", "admin_host.security_group"),
        (_kinds.ROLE, "role", "break_glass_role", "break_glass_role.role"),
        (_kinds.ROLE, "role", "pod_role", "pod_role.role"),
        (_kinds.ROLE, "role", "service_account_role", "service_account_role.role"),
        (_kinds.ROLE, "role", "node_group", "aws_iam.Role.from_role_arn(..., node_group.role_arn)"),
        (_kinds.ROLE, "role", "creator_role", "aws_iam.Role.from_role_arn(..., creator_role.role_arn)"),
        (_kinds.VPC, "vpc", "network", "network.vpc"),
        (_kinds.VPC, "vpc", "cluster", "cluster.network.vpc"),
        (_kinds.NETWORK, "network", "cluster", "cluster.network"),
        (_kinds.KEYS, "keys", "cluster", "cluster.keys"),
        (_kinds.LOG_GROUP, "log_group", "cluster", "cluster.log_group"),
        (_kinds.CLUSTER, "cluster", "node_group", "node_group.cluster"),
        (_kinds.TOPIC, "alerts", "topic", "topic.topic"),
    ],
)
def test_ours_in_place_of_a_part_of_it(
    ours: dict[str, Any], kind: Kind, argument: str, given: str, instead: str
) -> None:
    (problem,) = kind_problems(kind, **{argument: ours[given]})
    assert problem.startswith(f"{argument} needs {kind.text}, got <")
    assert problem.endswith(f": pass {instead}")


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda s, o: o["cluster"].add_node_group("x", instance_types=["m7g.large"], security_group=o["cluster"]),
         "pass cluster.security_group"),
        (lambda s, o: o["cluster"].add_node_group("x", instance_types=["m7g.large"], subnets=o["network"]),
         "pass network.node_subnets"),
        (lambda s, o: hardened.Cluster(s, "X", version="1.36", role=o["break_glass_role"]), "pass break_glass_role.role"),
        (lambda s, o: hardened.Cluster(s, "X", version="1.36", vpc=o["network"]), "pass network.vpc"),
        (lambda s, o: hardened.Cluster(s, "X", version="1.36", network=o["cluster"]), "pass cluster.network"),
        (lambda s, o: hardened.Network(s, "X", logs_key=o["keys"]), "pass keys.logs"),
        (lambda s, o: hardened.Keys(s, "X", volumes=o["cluster"]), "pass cluster.keys.volumes"),
        (lambda s, o: hardened.Repository(s, "X", encryption_key=o["keys"]), "pass keys.images"),
        (lambda s, o: hardened.Registry(s, "X", encryption_key=o["cluster"]), "pass cluster.keys.images"),
        (lambda s, o: hardened.alerts.Topic(s, "X", encryption_key=o["keys"]), "pass keys.notifications"),
        (lambda s, o: hardened.PodRole(s, "X", cluster=o["node_group"], namespace="a", service_account="b"),
         "pass node_group.cluster"),
        (lambda s, o: hardened.Repository(s, "X", push=[o["pod_role"]]), "pass pod_role.role"),
        (lambda s, o: o["network"].admit(o["admin_host"]), "pass admin_host.security_group"),
        (lambda s, o: o["network"].admit(None), "security_group needs a security group (aws_ec2.ISecurityGroup), got None"),
        (lambda s, o: o["cluster"].grant_admin(o["node_group"]), "already have their own access entry: pass the role of"),
        (lambda s, o: o["cluster"].grant_view(o["pod_role"]), "pass pod_role.role"),
        (lambda s, o: o["cluster"].add_break_glass_role("X", trusted=[o["creator_role"]]),
         "trusted needs the ARN of an IAM user, got a CreatorRole object"),
        (lambda s, o: o["cluster"].add_break_glass_role("X", trusted=[USER], alerts=o["repository"]),
         "alerts needs an alert channel such as alerts.Topic, or a topic (aws_sns.ITopic), got a Repository object"),
        (lambda s, o: o["cluster"].register_nodes("nodes"),
         "nodes needs a NodeGroup or another construct that creates nodes, got 'nodes'"),
        (lambda s, o: hardened.Cluster(s, "X", version="1.36", role=ROLE), f"got '{ROLE}': pass aws_iam.Role.from_role_arn(...)"),
    ],
)  # fmt: skip
def test_fails_when_an_argument_is_of_the_wrong_kind(
    stack: cdk.Stack, ours: dict[str, Any], call: Callable[..., Any], problem: str
) -> None:
    before = len(stack.node.find_all())
    with pytest.raises(ConfigurationError) as caught:
        call(stack, ours)
    (told,) = caught.value.problems
    assert problem in told
    assert len(stack.node.find_all()) == before


POD = {"namespace": "a", "service_account": "b"}
TYPES = ["m7g.large"]
# Every argument that takes a construct -> the call.
TAKES: dict[str, Callable[..., Any]] = {
    "Cluster network": lambda s, c, x: hardened.Cluster(s, "X", version="1.36", network=x),
    "Cluster keys": lambda s, c, x: hardened.Cluster(s, "X", version="1.36", keys=x),
    "Cluster vpc": lambda s, c, x: hardened.Cluster(s, "X", version="1.36", vpc=x),
    "Cluster role": lambda s, c, x: hardened.Cluster(s, "X", version="1.36", role=x),
    "Cluster log_group": lambda s, c, x: hardened.Cluster(s, "X", version="1.36", log_group=x),
    "from_cluster_attributes network": lambda s, c, x: imported(s, network=x),
    "from_cluster_attributes vpc": lambda s, c, x: imported(s, vpc=x),
    "from_cluster_attributes keys": lambda s, c, x: imported(s, keys=x),
    "from_cluster_attributes security_group": lambda s, c, x: imported(s, security_group=x),
    "NodeGroup cluster": lambda s, c, x: hardened.NodeGroup(s, "X", cluster=x, instance_types=TYPES),
    "NodeGroup subnets": lambda s, c, x: c.add_node_group("X", instance_types=TYPES, subnets=x),
    "NodeGroup subnets, one": lambda s, c, x: c.add_node_group("X", instance_types=TYPES, subnets=[x]),
    "NodeGroup role": lambda s, c, x: c.add_node_group("X", instance_types=TYPES, role=x),
    "NodeGroup security_group": lambda s, c, x: c.add_node_group("X", instance_types=TYPES, security_group=x),
    "Network vpc": lambda s, c, x: hardened.Network(s, "X", vpc=x),
    "Network logs_key": lambda s, c, x: hardened.Network(s, "X", logs_key=x),
    "Network.admit": lambda s, c, x: c.network.admit(x),
    "Keys volumes": lambda s, c, x: hardened.Keys(s, "X", volumes=x),
    "Addon cluster": lambda s, c, x: hardened.Addon(s, "X", cluster=x, name="adot"),
    "Addon role": lambda s, c, x: c.add_addon("adot", role=x, service_account="a"),
    "AccessEntry cluster": lambda s, c, x: hardened.AccessEntry(
        s, "X", cluster=x, principal=ROLE, policy=hardened.AccessPolicy.VIEW
    ),
    "grant_admin principal": lambda s, c, x: c.grant_admin(x),
    "BreakGlassRole cluster": lambda s, c, x: hardened.BreakGlassRole(s, "X", cluster=x, trusted=[USER]),
    "BreakGlassRole trusted": lambda s, c, x: c.add_break_glass_role("X", trusted=[x]),
    "BreakGlassRole alerts": lambda s, c, x: c.add_break_glass_role("X", trusted=[USER], alerts=x),
    "AdminHost cluster": lambda s, c, x: hardened.AdminHost(s, "X", cluster=x),
    "PodRole cluster": lambda s, c, x: hardened.PodRole(s, "X", cluster=x, **POD),
    "PodRole managed_policies": lambda s, c, x: hardened.PodRole(s, "X", cluster=c, managed_policies=[x], **POD),
    "ServiceAccountRole cluster": lambda s, c, x: hardened.ServiceAccountRole(s, "X", cluster=x, **POD),
    "Registry encryption_key": lambda s, c, x: hardened.Registry(s, "X", encryption_key=x),
    "Repository encryption_key": lambda s, c, x: hardened.Repository(s, "X", encryption_key=x),
    "Repository push": lambda s, c, x: hardened.Repository(s, "X", push=[x]),
    "Topic encryption_key": lambda s, c, x: hardened.alerts.Topic(s, "X", encryption_key=x),
    "several": lambda s, c, x: hardened.alerts.several(x),
    # the scope, which may be a stack or a construct in one
    "Cluster scope": lambda s, c, x: hardened.Cluster(x, "X", version="1.36"),
    "from_cluster_attributes scope": lambda s, c, x: imported(x),
    "Network scope": lambda s, c, x: hardened.Network(x, "X"),
    "Keys scope": lambda s, c, x: hardened.Keys(x, "X"),
    "NodeGroup scope": lambda s, c, x: hardened.NodeGroup(x, "X", cluster=c, instance_types=TYPES),
    "Addon scope": lambda s, c, x: hardened.Addon(x, "X", cluster=c, name="adot"),
    "AccessEntry scope": lambda s, c, x: hardened.AccessEntry(
        x, "X", cluster=c, principal=ROLE, policy=hardened.AccessPolicy.VIEW
    ),
    "BreakGlassRole scope": lambda s, c, x: hardened.BreakGlassRole(x, "X", cluster=c, trusted=[USER]),
    "AdminHost scope": lambda s, c, x: hardened.AdminHost(x, "X", cluster=c),
    "CreatorRole scope": lambda s, c, x: hardened.CreatorRole(x, "X", stack_prefix="Other"),
    "PodRole scope": lambda s, c, x: hardened.PodRole(x, "X", cluster=c, **POD),
    "ServiceAccountRole scope": lambda s, c, x: hardened.ServiceAccountRole(x, "X", cluster=c, **POD),
    "Registry scope": lambda s, c, x: hardened.Registry(x, "X"),
    "Repository scope": lambda s, c, x: hardened.Repository(x, "X"),
    "Topic scope": lambda s, c, x: hardened.alerts.Topic(x, "X"),
}


def imported(scope: Any, **attributes: Any) -> Any:
    return hardened.Cluster.from_cluster_attributes(scope, "X", name="x", **attributes)


@pytest.mark.parametrize("argument", TAKES)
def test_fails_when_something_else_is_in_place_of_a_construct(
    stack: cdk.Stack, ours: dict[str, Any], argument: str
) -> None:
    stage = stack.node.root
    some = ["x", 1, 1.5, True, b"x", {"a": 1}, ec2.Vpc, kms.Key, object(), stage, ec2.SubnetSelection(), cdk.Duration]
    if not argument.endswith("scope"):
        some += [*ours.values(), cdk.CfnResource(stack, argument.replace(" ", ""), type="AWS::KMS::Key")]
        fits = {"cluster": ("cluster", "imported_cluster"), "network": ("network",), "keys": ("keys",)}
        fitting = [ours[name] for name in fits.get(argument.rpartition(" ")[2], ())]
        fitting += [ours["topic"]] if argument in ("several", "BreakGlassRole alerts") else []
        some = [value for value in some if not any(value is one for one in fitting)]
    before = len(stack.node.find_all())
    for value in some:
        with pytest.raises(ConfigurationError):
            TAKES[argument](stack, ours["cluster"], value)
            pytest.fail(f"{argument} takes {value!r}")
    assert len(stack.node.find_all()) == before


def test_a_scope_in_no_stack_is_told_alone() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(cdk.App(), "Network", cidr="x")  # type: ignore[arg-type]
    assert [problem.partition(", got")[0] for problem in caught.value.problems] == [
        "scope needs a stack or a construct in one"
    ]


class TestPrincipals:
    def test_what_has_an_arn(self, stack: cdk.Stack) -> None:
        user = iam.User.from_user_arn(stack, "Ana", "arn:aws:iam::123456789012:user/ana")
        assert arn_of(ROLE) == arn_of(iam.ArnPrincipal(ROLE)) == ROLE
        assert arn_of(iam.Role.from_role_arn(stack, "Dev", ROLE)) == ROLE
        assert arn_of(user) == "arn:aws:iam::123456789012:user/ana"
        assert arn_of(iam.AccountRootPrincipal()).endswith(":root")

    def test_a_construct_of_ours_has_none_of_its_own(self, ours: dict[str, Any]) -> None:
        """Its `role_arn` used to pass: nodes could become administrators."""
        group = ours["node_group"]
        assert arn_of(group) is group
        (problem,) = arn_problems("trusted", group)
        assert "trusted needs the ARN of a role, got <hardened_eks.compute" in problem

    def test_an_arn_principal_can_be_granted_access(self, ours: dict[str, Any], stack: cdk.Stack) -> None:
        entry = ours["cluster"].grant_view(iam.ArnPrincipal("arn:aws:iam::123456789012:role/auditor"))
        assert entry.resource.principal_arn == "arn:aws:iam::123456789012:role/auditor"
        assert entry.node.id.startswith("Viewauditor")
