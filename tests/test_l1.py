"""L1 constructs that are created without the CDK's own call."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template
from jsii.errors import JSIIError

from hardened_eks import _l1
from hardened_eks._l1 import _names, create

SOURCES = Path(__file__).parents[1] / "hardened_eks"

EXAMPLES: list[tuple[Any, dict[str, Any]]] = [
    (ec2.CfnVPC, {"cidr_block": "10.0.0.0/16", "tags": [cdk.CfnTag(key="a", value="b")], "instance_tenancy": None}),
    (sqs.CfnQueue, {"message_retention_period": 60, "redrive_policy": {"maxReceiveCount": 3}}),
    (iam.CfnRole, {"assume_role_policy_document": {"Version": "2012-10-17", "Statement": []}}),
    (
        eks.CfnCluster,
        {
            "role_arn": "arn:aws:iam::123456789012:role/eks",
            "resources_vpc_config": eks.CfnCluster.ResourcesVpcConfigProperty(subnet_ids=["subnet-1"]),
            "logging": {"clusterLogging": {"enabledTypes": [{"type": "api"}]}},
        },
    ),
    (cdk.CfnResource, {"type": "AWS::EC2::EIP", "properties": {"Domain": "vpc"}}),
]


def test_the_resources_are_those_of_the_classes() -> None:
    made, theirs = (_rendered(call) for call in (create, _called))
    assert made == theirs
    assert len(made) == len(EXAMPLES)


def test_the_construct_is_of_the_class_and_refers_to_others() -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    key = kms.Key(stack, "Key")
    group = create(logs.CfnLogGroup, stack, "Group", kms_key_id=key, log_group_name=cdk.Fn.ref("AWS::StackName"))
    assert isinstance(group, logs.CfnLogGroup)
    assert group.node.path == "Stack/Group"
    assert stack.node.find_child("Group") is group
    name = stack.resolve(group.logical_id)
    assert stack.resolve(group.ref) == {"Ref": name}
    assert stack.resolve(group.kms_key_id) == stack.resolve(key.key_arn)


def test_an_unknown_property_is_named_and_nothing_is_created() -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    with pytest.raises(TypeError, match=r"CfnVPC has no property cidr; it has: cidr_block, .*tags"):
        create(ec2.CfnVPC, stack, "Vpc", cidr="10.0.0.0/16")  # type: ignore[call-arg]
    assert stack.node.try_find_child("Vpc") is None


def test_requests_name_no_interfaces_and_node_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[list[str]] = []
    provider, send = jsii.kernel.provider, jsii.kernel.provider.create
    monkeypatch.setattr(provider, "create", lambda request: named.append(request.interfaces) or send(request))
    stack = cdk.Stack(cdk.App(), "Stack")
    named.clear()
    vpc = create(ec2.CfnVPC, stack, "Vpc", cidr_block="10.0.0.0/16")
    subnet = create(ec2.CfnSubnet, stack, "Subnet", vpc_id=vpc, cidr_block="10.0.0.0/24")
    assert named == [[], []]
    cdk.Tags.of(stack).add("team", "payments")
    tagged = [{"Key": "team", "Value": "payments"}]
    assert Template.from_stack(stack).find_resources("AWS::EC2::Subnet") == {
        stack.resolve(subnet.logical_id): {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"CidrBlock": "10.0.0.0/24", "Tags": tagged, "VpcId": stack.resolve(vpc.ref)},
        }
    }


def test_node_refuses_a_wrong_type() -> None:
    """What our constructs let through is still checked once."""
    stack = cdk.Stack(cdk.App(), "Stack")
    with pytest.raises((JSIIError, RuntimeError), match="cidrBlock"):
        create(ec2.CfnVPC, stack, "Vpc", cidr_block=10)  # type: ignore[arg-type]


def test_node_refuses_a_missing_property() -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    with pytest.raises((JSIIError, RuntimeError), match="roleArn"):
        create(eks.CfnCluster, stack, "Cluster", resources_vpc_config={"subnetIds": ["subnet-1"]})  # type: ignore[call-arg]


def test_a_class_whose_properties_are_not_known_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of jsii may keep the names of properties elsewhere."""
    monkeypatch.setattr(_l1, "_names", lambda _: None)
    stack = cdk.Stack(cdk.App(), "Stack")
    assert create(ec2.CfnEIP, stack, "Address", domain="vpc").domain == "vpc"


def test_every_class_that_we_create_has_known_properties() -> None:
    """Otherwise a class would be slow without a sign of it."""
    created = {found for file in SOURCES.rglob("*.py") for found in _created(file.read_text())}
    assert len(created) > 80
    assert [kind for kind in sorted(created) if _names(_class(*kind)) is None] == []


def _created(source: str) -> Iterator[tuple[str, str]]:
    """Yield the module and name of each class that a file creates."""
    modules = {alias: name for name, alias in re.findall(r"from aws_cdk import (\w+) as (\w+)", source)}
    for alias, name in re.findall(r"\bcreate\(\s*(\w+)\.(Cfn\w+)", source):
        yield ("aws_cdk" if alias == "cdk" else f"aws_cdk.{modules[alias]}"), name


def _class(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _called(kind: Any, *args: Any, **properties: Any) -> Any:
    return kind(*args, **properties)


def _rendered(call: Any) -> Any:
    app = cdk.App()
    stack = cdk.Stack(app, "Stack")
    for number, (kind, properties) in enumerate(EXAMPLES):
        call(kind, stack, f"One{number}", **properties)
    return app.synth().get_stack_by_name("Stack").template["Resources"]
