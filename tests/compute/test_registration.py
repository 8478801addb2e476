"""Any compute can be registered with a cluster, which puts it into its place in the order."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk.assertions import Template
from constructs import Construct, IDependable

import hardened_eks as hardened
from hardened_eks import ClusterLike, ComputeLike

ADDON, GROUP = "AWS::EKS::Addon", "AWS::AutoScaling::AutoScalingGroup"


class Nodes(Construct):
    """Nodes of somebody's own, of which the library knows nothing."""

    def __init__(self, scope: Construct, id: str, *, cluster: ClusterLike) -> None:
        super().__init__(scope, id)
        self.resource = autoscaling.CfnAutoScalingGroup(
            self,
            "Resource",
            min_size="2",
            max_size="2",
            vpc_zone_identifier=cluster.network.node_subnet_ids,
            launch_template={"launchTemplateId": cluster.node_security_group_id, "version": "1"},
        )
        cluster.register_nodes(self, scope=scope)

    def wait_for(self, *needed: IDependable) -> None:
        self.resource.node.add_dependency(*needed)


def cluster_in(stack: cdk.Stack, **arguments: Any) -> hardened.Cluster:
    return hardened.Cluster(stack, "Cluster", version="1.36", **arguments)


def addon(template: Template, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        body for body in template.find_resources(ADDON).values() if body["Properties"]["AddonName"] == name
    ]
    (body,) = found
    return body


def test_compute_waits_for_what_it_needs_and_add_ons_wait_for_it() -> None:
    stack = cdk.Stack(cdk.App(), "Cluster")
    nodes = Nodes(stack, "Nodes", cluster=cluster_in(stack))
    assert isinstance(nodes, ComputeLike)
    template = Template.from_stack(stack)
    ((name, group),) = template.find_resources(GROUP).items()
    needed = " ".join(group["DependsOn"])
    for part in ("vpccni", "ekspodidentityagent", "S3Endpoint", "NodeSecurity"):
        assert part in needed
    assert name in addon(template, "coredns")["DependsOn"]
    assert name not in addon(template, "vpc-cni").get("DependsOn", [])


def test_nothing_waits_for_compute_in_another_stack() -> None:
    app = cdk.App()
    stack, other = cdk.Stack(app, "Cluster"), cdk.Stack(app, "Nodes")
    cluster = cluster_in(stack)
    cluster.add_node_group("general", instance_types=["m7g.large"])
    Nodes(other, "Nodes", cluster=cluster)
    assembly = app.synth()
    assert [needed.id for needed in assembly.get_stack_by_name("Cluster").dependencies if needed.id == "Nodes"] == []
    assert "Cluster" in [needed.id for needed in assembly.get_stack_by_name("Nodes").dependencies]


def test_a_construct_without_the_protocol_is_waited_for_as_it_is() -> None:
    stack = cdk.Stack(cdk.App(), "Cluster")
    handle = cdk.CfnWaitConditionHandle(stack, "Nodes")
    cluster_in(stack).register_nodes(handle)
    template = Template.from_stack(stack)
    assert "Nodes" in addon(template, "coredns")["DependsOn"]
    assert "DependsOn" not in template.find_resources("AWS::CloudFormation::WaitConditionHandle")["Nodes"]


def test_a_node_group_is_compute_and_a_cluster_is_like_one() -> None:
    stack = cdk.Stack(cdk.App(), "Cluster")
    cluster: ClusterLike = cluster_in(stack)  # mypy holds it against the protocol
    group = hardened.NodeGroup(stack, "Nodes", cluster=cluster, instance_types=["m7g.large"])
    assert isinstance(group, ComputeLike)
    for name in dir(ClusterLike):
        assert name.startswith("_") or hasattr(hardened.Cluster, name) or name in vars(cluster), name


class TestDefaultAddons:
    """Those that run on nodes are created with the first nodes, not when something looks."""

    @pytest.fixture
    def cluster(self) -> hardened.Cluster:
        return cluster_in(cdk.Stack(cdk.App(), "Cluster"))

    def test_reading_creates_none(self, cluster: hardened.Cluster) -> None:
        before = set(cluster.addons)
        assert cluster._after_nodes.node.children == []
        assert set(cluster.addons) == before

    def test_they_are_created_once(self, cluster: hardened.Cluster) -> None:
        for name in ("One", "Two"):
            cluster.register_nodes(cdk.CfnWaitConditionHandle(cluster, name))
        names = ["coredns", "aws-ebs-csi-driver", "metrics-server"]
        assert [child.node.id for child in cluster._after_nodes.node.children] == names

    @pytest.mark.parametrize("before_nodes", [False, True])
    def test_fails_when_one_that_is_still_to_come_is_added(self, cluster: hardened.Cluster, before_nodes: bool) -> None:
        """It used to fail in the CDK, by the construct's name, or to make the add-on twice."""
        with pytest.raises(
            hardened.ConfigurationError, match="the cluster already has it: change it with the AddonOptions"
        ):
            cluster.add_addon("coredns", before_nodes=before_nodes)
        assert "coredns" not in cluster.addons

    def test_one_that_was_left_out_can_be_added(self) -> None:
        options = hardened.AddonOptions(exclude=["coredns"])
        cluster = cluster_in(cdk.Stack(cdk.App(), "Cluster"), addons=options)
        assert cluster.add_addon("coredns", version="v1.12.4-eksbuild.1") is cluster.addons["coredns"]

    def test_a_bad_add_on_creates_none(self, cluster: hardened.Cluster) -> None:
        with pytest.raises(hardened.ConfigurationError):
            cluster.add_addon("snapshot-controller", version=1)  # type: ignore[arg-type]
        assert "coredns" not in cluster.addons
