"""Creation stacks are noted where they name the user's program, and nowhere else."""

import aws_cdk as cdk
import pytest
from constructs import Construct

import hardened_eks as hardened

CREATION = "aws:cdk:creationStack"


def noted(scope: Construct) -> set[bool]:
    """Whether creation stacks are noted on the resources below."""
    resources = [node for node in scope.node.find_all() if cdk.CfnResource.is_cfn_resource(node)]
    assert resources
    return {any(entry.type == CREATION for entry in node.node.metadata) for node in resources}


class Platform(Construct):
    """A construct of the user's own around one of ours."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "Platform")
        self.keys = hardened.Keys(self, "Keys")
        assert self.keys.secrets
        self.queue = cdk.CfnResource(self, "Queue", type="AWS::SQS::Queue")


def test_ours_have_none() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    assert noted(cluster) == {False}


def test_the_users_own_have_theirs() -> None:
    platform = Platform(cdk.Stack(cdk.App(), "Payments"))
    assert noted(platform.keys) == {False}
    assert noted(platform) == {False, True}


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("", False)])
def test_they_are_noted_when_they_name_the_program(value: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_HOST_STACK_TRACES", value)
    assert noted(Platform(cdk.Stack(cdk.App(), "Payments")).keys) == {expected}
