"""Node groups on a cluster that was created elsewhere meet the nodes that it has."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

OTHERS = "sg-others"


def imported(stack: cdk.Stack, *, node_security_group: str | None = OTHERS) -> hardened.ImportedCluster:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], private_subnet_ids=["subnet-1", "subnet-2"]
    )
    group = ec2.SecurityGroup.from_security_group_id
    return hardened.Cluster.from_cluster_attributes(
        stack,
        "Shared",
        name="platform",
        version="1.36",
        vpc=vpc,
        security_group=group(stack, "Plane", "sg-plane"),
        node_security_group=None if node_security_group is None else group(stack, "Others", node_security_group),
    )


def open_between(stack: cdk.Stack, nodes: object) -> set[tuple[str, str, str]]:
    """Return (client, server, protocol) wherever both halves of a rule open all ports."""
    rules = Template.from_stack(stack).to_json()["Resources"].values()

    def half(kind: str, server: str, client: str) -> set[tuple[str, str, str]]:
        found = [rule["Properties"] for rule in rules if rule["Type"] == f"AWS::EC2::SecurityGroup{kind}"]
        found = [rule for rule in found if (rule["FromPort"], rule["ToPort"]) == (0, 65535)]
        return {(named(rule[client]), named(rule[server]), rule["IpProtocol"]) for rule in found}

    def named(group: object) -> str:
        return "new" if group == nodes else group if isinstance(group, str) else json.dumps(group)

    return half("Ingress", "GroupId", "SourceSecurityGroupId") & half("Egress", "DestinationSecurityGroupId", "GroupId")


def test_new_nodes_and_those_that_exist_admit_each_other() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    cluster = imported(stack)
    cluster.add_node_group("team", instance_types=["m7g.large"])
    nodes = stack.resolve(cluster.node_security_group_id)
    pairs = {("new", "new"), ("new", OTHERS), (OTHERS, "new")}
    assert open_between(stack, nodes) == {(*pair, protocol) for pair in pairs for protocol in ("tcp", "udp")}


def test_nodes_start_after_those_rules() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    imported(stack).add_node_group("team", instance_types=["m7g.large"])
    template = Template.from_stack(stack)
    (group,) = template.find_resources("AWS::EKS::Nodegroup").values()
    rules = {
        **template.find_resources("AWS::EC2::SecurityGroupIngress"),
        **template.find_resources("AWS::EC2::SecurityGroupEgress"),
    }
    assert set(rules) <= set(group["DependsOn"])


def test_a_cluster_created_here_admits_no_others() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    nodes = stack.resolve(cluster.node_security_group_id)
    assert open_between(stack, nodes) == {("new", "new", "tcp"), ("new", "new", "udp")}


def test_fails_when_the_group_of_the_other_nodes_is_not_known() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    cluster = imported(stack, node_security_group=None)
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_node_group("team", instance_types=["m7g.large"])
    (problem,) = caught.value.problems
    for text in ("node_security_group is not known", "from_cluster_attributes", "CoreDNS", "clusterSecurityGroupId"):
        assert text in problem
    with pytest.raises(ConfigurationError, match="node_security_group is not known"):
        _ = cluster.node_security_group


def test_a_group_of_your_own_is_yours_to_open() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    own = ec2.SecurityGroup.from_security_group_id(stack, "Own", "sg-own")
    cluster = imported(stack, node_security_group=None)
    cluster.add_node_group("team", instance_types=["m7g.large"], security_group=own)
    assert open_between(stack, None) == set()


def test_the_checks_accept_it(tmp_path: object) -> None:
    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Team")
    cdk.Tags.of(stack).add("application", "payments")
    group = imported(stack).add_node_group("team", instance_types=["m7g.large"])
    # Where the routes of subnets known by id lead, no template of this app shows.
    hardened.waive(group, "ND-08", reason="the network team's subnets have no way out", until="2026-12-31")
    cdk.Validations.of(app).add_plugins(hardened.Checks())
    app.synth()


def test_fails_when_it_is_not_a_security_group() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    with pytest.raises(ConfigurationError, match="node_security_group needs a security group"):
        hardened.Cluster.from_cluster_attributes(stack, "Shared", name="platform", node_security_group="sg-1")  # type: ignore[arg-type]


ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/payments"


@pytest.mark.parametrize(
    ("region", "account", "words"),
    [
        ("us-east-1", "123456789012", "is in region eu-west-1, but the stack is in us-east-1"),
        ("eu-west-1", "210987654321", "is in account 123456789012, but the stack is in 210987654321"),
        ("eu-west-1", "123456789012", ""),
        (None, None, ""),
    ],
)
def test_a_cluster_is_where_its_stack_is(region: str | None, account: str | None, words: str) -> None:
    """What is added to it (entries, nodes, add-ons) names it by its name, in the stack's own account and region."""
    stack = cdk.Stack(cdk.App(), "Team", env=cdk.Environment(account=account, region=region))
    if not words:
        assert hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments", arn=ARN).arn == ARN
        return
    with pytest.raises(ConfigurationError, match=words):
        hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments", arn=ARN)
