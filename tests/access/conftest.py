"""The creator role, and the stacks that it deploys, synthesized once for all tests that only read them."""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

import app as reference
import hardened_eks as hardened
from hardened_eks import response
from hardened_eks.registry import PullThroughCache, SigningRule
from tests.access.creator_calls import Call, Calls
from tests.access.creator_foreign import foreign
from tests.access.creator_role import statements_of
from tests.access.creator_stacks import Made, arn, made_of
from tests.alerts.built import ALL, send

READS = (
    "ec2:Describe*", "autoscaling:Describe*", "ssm:ListAssociations",
    "chatbot:Describe*", "chatbot:Get*", "chatbot:ListTagsForResource",
)  # fmt: skip
NOWHERE = ("chatbot:Create*",)
"""They know no resource, and Amazon Q Developer in chat applications is in no region: nothing tells one from another."""


@pytest.fixture(scope="session")
def narrow() -> list[dict[str, Any]]:
    return statements_of()


@pytest.fixture(scope="session")
def adopting() -> list[dict[str, Any]]:
    return statements_of(adopt_untagged=True)


@pytest.fixture(scope="session")
def library() -> list[Made]:
    """Everything the library's constructs create."""
    app = cdk.App()
    stack = cdk.Stack(app, "HardenedEks-Cluster")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    nights = [hardened.ScheduledScaling(name="Evening", at="20:00", scaling=hardened.Scaling(min=0))]
    cluster.add_node_group("general", instance_types=["m7g.large"], session_manager=True, schedules=nights)
    for name, reserved in (
        ("reserved", hardened.CapacityReservation(id="cr-0123456789abcdef0")),
        ("pooled", hardened.CapacityReservation(group_arn=arn("resource-groups", "group/training"))),
    ):
        near = ec2.PlacementGroup.from_placement_group_name(stack, f"Near-{name}", "training")
        cluster.add_node_group(name, instance_types=["m7g.large"], reservation=reserved, placement_group=near)
    cluster.add_self_managed_nodes("own", instance_types=["m7g.large", "m7gd.large"], schedules=nights)
    cluster.add_fargate_profile("apps", selectors=[hardened.FargateSelector(namespace="apps-*")])
    cluster.add_karpenter(bottlerocket_version="1.66.0")
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
    cluster.grant_view("arn:aws:iam::123456789012:role/payments-dev", namespaces=["payments"])
    hardened.AdminHost(stack, "Host", cluster=cluster)
    auto = cdk.Stack(app, "HardenedEks-Auto")
    hardened.Cluster(auto, "Cluster", version="1.36", auto_mode=hardened.AutoMode())
    hardened.PodRole(stack, "Pod", cluster=cluster, namespace="billing", service_account="reader")
    hardened.ServiceAccountRole(stack, "Old", cluster=cluster, namespace="billing", service_account="old")
    images = cdk.Stack(app, "HardenedEks-Registry")
    hardened.Repository(images, "Repository")
    hardened.Registry(
        images, "Registry", replicate_to=["eu-west-1"], pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")],
        signing=[SigningRule(profile_arn="arn:aws:signer:eu-west-1:123456789012:/signing-profiles/images")],
    )  # fmt: skip
    network = cdk.Stack(app, "HardenedEks-Network")
    hardened.Network(network, "Network", egress="nat", pod_cidrs=["100.64.0.0/16"])  # type: ignore[arg-type]
    alerts = cdk.Stack(app, "HardenedEks-Alerts")
    for name, channel in ALL.items():
        send(alerts, channel, name)
    watch = cdk.Stack(app, "HardenedEks-Detection")
    hardened.Detection(
        watch, "Detection", cluster=cluster, alerts=hardened.alerts.Topic(watch, "Alerts"), archive_retention_days=30,
        trail="elsewhere",
    )  # fmt: skip
    hardened.Detection(
        watch, "ByLogAlarms", cluster=hardened.Cluster.from_cluster_attributes(watch, "Old", name="HardenedEks-old"),
        alerts=hardened.alerts.Topic(watch, "MoreAlerts"), evidence="log-alarm", trail="elsewhere",
    )  # fmt: skip
    respond = cdk.Stack(app, "HardenedEks-Response")
    role = "arn:aws:iam::123456789012:role/HardenedEks-app"
    hardened.Response(
        respond, "Response", cluster=cluster, alerts=hardened.alerts.Topic(respond, "Alerts"), mode="run",
        actions=[
            response.CloseEndpoint(), response.RestoreLogging(), response.QuarantineNode(),
            response.RevokeSessions(roles=[role]), response.QuarantineImage(repositories=["app"]),
        ],
        approval=response.Approval(approvers=[role]),
    )  # fmt: skip
    parts = (stack, auto, images, network, alerts, watch, respond)
    return made_of({one.stack_name: Template.from_stack(one).to_json() for one in parts})


@pytest.fixture(scope="session")
def shipped() -> list[Made]:
    """The reference app as it is shipped."""
    flags = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]
    app = cdk.App(context=flags)
    reference.compose(app)
    return made_of({stack.stack_name: stack.template for stack in app.synth().stacks})


@pytest.fixture(scope="session")
def calls(library: list[Made]) -> list[Call]:
    return Calls(library).all()


def known_remainder(call: Call) -> bool:
    """What KMS and Resolver cannot tell apart: what is just created, and what has no owner."""
    if call.request.action == "cloudwatch:DescribeAlarms" and call.source.endswith(" name"):
        return True  # CloudWatch asks for all alarms of the account where it lists some
    of_an_own_kind = not call.source.endswith((" account", " region"))
    return of_an_own_kind and (
        call.request.action in ("kms:DescribeKey", "kms:EnableKeyRotation")
        or (
            call.request.action in ("kms:TagResource", "route53resolver:TagResource")
            and call.source.endswith(" untagged")
            and call.request.resource != "*"
            and not call.request.resource.endswith("/new")
        )
    )


@pytest.fixture(scope="session")
def out_of_reach(calls: list[Call]) -> list[Call]:
    """Each call on what is not the stacks' own, but reads that know no resource, and what harms no key."""
    return [
        other for call in calls if not any(fnmatchcase(call.request.action, pattern) for pattern in (*READS, *NOWHERE))
        for other in foreign(call)
        if not known_remainder(other)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def older(library: list[Made]) -> list[Call]:
    """The calls on stacks that an earlier release created: what exists carries no owner tag."""
    return Calls(library, tagged=False).all()
