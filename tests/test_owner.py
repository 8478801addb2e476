"""The owner tag is on everything that can carry it, and says which stack owns it."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from constructs import Construct

import hardened_eks as hardened
from hardened_eks import _owner
from hardened_eks.registry import PullThroughCache

KEY = "hardened-eks:owner"


def owners(resource: dict[str, Any]) -> list[Any]:
    properties = resource.get("Properties", {})
    tags = properties.get("Tags", [])
    if isinstance(tags, dict):
        return [value for key, value in tags.items() if key == KEY]
    for specification in properties.get("TagSpecifications", ()):
        tags = [*tags, *specification["Tags"]]
    return [tag["Value"] for tag in tags if tag["Key"] == KEY]


def taggable(kind: str) -> bool:
    """Read from CloudFormation's schema whether the type takes tags when it is created, or a launch template."""
    if kind.startswith(("Custom::", "AWS::CDK")):
        return False
    tagging = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema.get("tagging") or {}
    return kind == "AWS::EC2::LaunchTemplate" or bool(tagging.get("tagOnCreate"))


def tags_are_fixed(kind: str) -> bool:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    return "/properties/Tags" in schema.get("createOnlyProperties", ()) or not schema["tagging"].get(
        "tagUpdatable", True
    )


@pytest.fixture(scope="module")
def resources() -> dict[str, dict[str, Any]]:
    stack = cdk.Stack(cdk.App(), "Payments")
    cdk.Tags.of(stack).add("release", "2026-11-30")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
    cluster.grant_view("arn:aws:iam::123456789012:role/support")
    hardened.AdminHost(stack, "Host", cluster=cluster)
    hardened.PodRole(stack, "Pod", cluster=cluster, namespace="billing", service_account="reader")
    hardened.ServiceAccountRole(stack, "Old", cluster=cluster, namespace="billing", service_account="old")
    hardened.Repository(stack, "Repository")
    hardened.Registry(stack, "Registry", pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")])
    sqs.Queue(stack, "TheirOwn")
    found: dict[str, dict[str, Any]] = Template.from_stack(stack).to_json()["Resources"]
    return found


def test_everything_that_can_carry_it_carries_it_once(resources: dict[str, dict[str, Any]]) -> None:
    expected = {name for name, r in resources.items() if taggable(r["Type"]) and not name.startswith("TheirOwn")}
    expected -= {name for name, r in resources.items() if r["Type"] == "AWS::SSM::Document"}  # raw; scoped by its name
    assert len(expected) > 60
    carried = {name: owners(r) for name, r in resources.items() if owners(r)}
    assert carried == dict.fromkeys(expected, [{"Ref": "AWS::StackName"}])


def test_a_new_release_in_a_tag_replaces_nothing(resources: dict[str, dict[str, Any]]) -> None:
    """A VPC has one query log, and CloudFormation creates the new one before it deletes the old one."""
    released = {name: r["Type"] for name, r in resources.items() if "2026-11-30" in str(r["Properties"].get("Tags"))}
    fixed = {kind for kind in set(released.values()) - {"AWS::EC2::LaunchTemplate"} if tags_are_fixed(kind)}
    assert len(released) > 60
    assert fixed == set()


@pytest.fixture(scope="module")
def beside_imported() -> dict[str, dict[str, Any]]:
    """What is made for a cluster of another stack, in a stack whose creator role must manage it."""
    stack = cdk.Stack(cdk.App(), "Payments", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    cluster.grant_view("arn:aws:iam::123456789012:role/support")
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
    hardened.BreakGlassRole(stack, "Alone", cluster=cluster, trusted=["arn:aws:iam::123456789012:user/ana"])
    role = "arn:aws:iam::123456789012:role/audit"
    hardened.AccessEntry(stack, "Entry", cluster=cluster, principal=role, policy=hardened.AccessPolicy.VIEW)
    found: dict[str, dict[str, Any]] = Template.from_stack(stack).to_json()["Resources"]
    return found


def test_what_is_made_for_an_imported_cluster_carries_it(beside_imported: dict[str, dict[str, Any]]) -> None:
    types = {r["Type"] for r in beside_imported.values()}
    assert types >= {"AWS::EKS::AccessEntry", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::SNS::Topic", "AWS::SQS::Queue"}
    bare = {n: r["Type"] for n, r in beside_imported.items() if taggable(r["Type"]) and len(owners(r)) != 1}
    assert bare == {}


def test_what_others_create_beside_ours_is_left_alone(resources: dict[str, dict[str, Any]]) -> None:
    (queue,) = (r for name, r in resources.items() if name.startswith("TheirOwn"))
    assert owners(queue) == []


@pytest.mark.parametrize("holder", ["construct", "nested stack", "other stack"])
def test_wherever_a_construct_is_placed(holder: str) -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    scope: Any = {
        "construct": lambda: Construct(stack, "Group"),
        "nested stack": lambda: cdk.NestedStack(stack, "Nested"),
        "other stack": lambda: cdk.Stack(stack, "Other"),
    }[holder]()
    assert hardened.Keys(scope, "Keys").logs is not None
    (key,) = Template.from_stack(cdk.Stack.of(scope)).find_resources("AWS::KMS::Key").values()
    assert owners(key) == [{"Ref": "AWS::StackName"}]


def test_the_users_own_value_wins_on_request() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    keys = hardened.Keys(stack, "Keys")
    cdk.Tags.of(stack).add(KEY, "Shared", priority=200)
    assert keys.logs is not None
    (key,) = Template.from_stack(stack).find_resources("AWS::KMS::Key").values()
    assert owners(key) == ["Shared"]


class TestPlace:
    """Names that begin with the stack's, of types that take few characters."""

    TOKEN = _owner.stack_name()

    def made(self, name: str) -> tuple[Construct, _owner.Place]:
        stack = cdk.Stack(cdk.App(), "Payments", stack_name=name)
        scope = Construct(Construct(stack, "Detection"), "Rules")
        return scope, _owner.Place.of(scope)

    def test_where_there_is_room_it_is_the_name_of_in_stack(self) -> None:
        scope, place = self.made("payments")
        assert place.name(64) == _owner.in_stack(scope)
        assert place.name(64).startswith(f"{self.TOKEN}-Rules-")
        assert place.below("CriticalEks").name(64) == _owner.in_stack(Construct(scope, "CriticalEks"))

    @pytest.mark.parametrize("length", [42, 43, 44, 45, 90, 128])
    def test_a_long_name_of_the_stack_is_shortened(self, length: int) -> None:
        _, place = self.made("p" * length)
        name = place.below("CriticalEks").name(64)
        whole = name.replace(self.TOKEN, "p" * length)
        assert len(whole) <= 64
        assert whole.startswith("p" * 20), "the creator role knows what is its own by the beginning"
        assert (self.TOKEN in name) is (length + len("-CriticalEks-") + 6 <= 64)

    def test_stacks_whose_names_begin_alike_do_not_share_a_name(self) -> None:
        names = {self.made("p" * 80 + end)[1].name(64) for end in "ab"}
        assert len(names) == 2

    def test_a_nested_stack_begins_with_the_outermost(self) -> None:
        outer = cdk.Stack(cdk.App(), "Payments", stack_name="payments-production")
        nested = cdk.NestedStack(cdk.NestedStack(outer, "One"), "Two")
        name = _owner.Place.of(Construct(nested, "Rules")).name(64)
        assert name.startswith("payments-production-") and len(name) <= 64
