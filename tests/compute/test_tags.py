"""Tags of the app reach instances, volumes and launch templates."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

import hardened_eks as hardened


def tags(template: Template) -> dict[str, dict[str, str]]:
    """Return the tags of the only launch template and of what it launches, by resource type."""
    (found,) = template.find_resources("AWS::EC2::LaunchTemplate").values()
    properties: dict[str, Any] = found["Properties"]
    specifications = [*properties["TagSpecifications"], *properties["LaunchTemplateData"]["TagSpecifications"]]
    return {one["ResourceType"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]} for one in specifications}


def grouped(stack: cdk.Stack) -> hardened.NodeGroup:
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", name="payments")
    return cluster.add_node_group("general", instance_types=["m7g.large"])


def test_tags_of_the_app_reach_what_is_launched() -> None:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "payments")
    stack = cdk.Stack(app, "Payments")
    grouped(stack)
    wanted = {"Name": "payments-general", "application": "payments"}
    assert tags(Template.from_stack(stack)) == {"launch-template": wanted, "instance": wanted, "volume": wanted}


def test_tags_of_a_stage_reach_what_is_launched() -> None:
    stage = cdk.Stage(cdk.App(), "Prod")
    cdk.Tags.of(stage).add("application", "payments")
    stack = cdk.Stack(stage, "Payments")
    grouped(stack)
    assert tags(Template.from_stack(stack))["instance"]["application"] == "payments"


def test_tags_of_a_group_are_its_own() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cdk.Tags.of(stack).add("team", "platform")
    group = grouped(stack)
    cdk.Tags.of(group).add("team", "data")
    cdk.Tags.of(group).add("Name", "mine")
    assert tags(Template.from_stack(stack))["volume"] == {"Name": "mine", "team": "data"}


def test_a_tag_can_stay_away_from_instances() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cdk.Tags.of(stack).add("commit", "0a1b2c3", exclude_resource_types=["AWS::EC2::LaunchTemplate"])
    grouped(stack)
    template = Template.from_stack(stack)
    assert "commit" not in tags(template)["instance"]
    template.has_resource_properties("AWS::EKS::Nodegroup", {"Tags": {"commit": "0a1b2c3"}})


def test_a_tag_can_be_removed() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cdk.Tags.of(stack).add("application", "payments")
    cdk.Tags.of(grouped(stack)).remove("application")
    assert tags(Template.from_stack(stack))["instance"] == {"Name": "payments-general"}


def test_the_admin_host_and_its_volume_are_tagged_without_a_new_launch_template() -> None:
    """A new version of the launch template would replace the host, which is protected against that."""
    stack = cdk.Stack(cdk.App(), "Payments")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", name="payments")
    hardened.AdminHost(stack, "Host", cluster=cluster)
    template = Template.from_stack(stack)
    assert tags(template) == {
        "launch-template": {"Name": "payments-admin", "application": "payments"},
        "instance": {"Name": "payments-admin"},
    }
    template.has_resource_properties(
        "AWS::EC2::Instance",
        {"Tags": [{"Key": "application", "Value": "payments"}], "PropagateTagsToVolumeOnCreation": True},
    )
