"""Errors name what they got, and print neither addresses of objects nor what the CDK writes for a number."""

from typing import Any

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Payments")


def number() -> Any:
    return cdk.Token.as_number({"Ref": "Zones"})


def test_a_number_known_at_deployment_is_named(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(stack, "Network", availability_zones=number())
    assert "got a number known only at deployment" in str(caught.value)
    assert "e+289" not in str(caught.value)


def test_a_number_computed_from_it_is_named(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Cluster(stack, "Cluster", version="1.37", log_retention_days=number() * 2)
    assert "got a number computed from one known only at deployment" in str(caught.value)


def test_an_object_is_named_by_its_class(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Network(stack, "Network", vpc=stack)  # type: ignore[arg-type]
    assert "got a Stack object" in str(caught.value)
    assert " at 0x" not in str(caught.value)


def test_an_object_has_the_right_article(stack: cdk.Stack) -> None:
    logs = hardened.AccessLogs(stack, "Logs")
    for value, shown in ((logs, "got an AccessLogs object"), (object(), "got an object")):
        with pytest.raises(ConfigurationError, match=shown):
            hardened.Network(stack, "Network", vpc=value)  # type: ignore[arg-type]


def test_bytes_are_one_value(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"Dns: allowed_domains needs a list of domain names, .* got b'abc'$"):
        hardened.Dns(allowed_domains=b"abc")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"Checks: extra needs a control object .* got b'abc': is"):
        hardened.Checks(extra=b"abc")  # type: ignore[arg-type]


def test_what_a_network_admits_is_a_security_group(stack: cdk.Stack) -> None:
    network = hardened.Network(stack, "Network", add_endpoints=False, add_flow_logs=False)
    with pytest.raises(ConfigurationError, match=r"security_group needs a security group .*, got 'sg': pass aws_ec2"):
        network.admit("sg")  # type: ignore[arg-type]


@pytest.mark.parametrize("nodes", [None, "general", 7])
def test_what_registers_as_nodes_is_a_construct(stack: cdk.Stack, nodes: Any) -> None:
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    with pytest.raises(
        ConfigurationError, match="nodes needs a NodeGroup or another construct that creates nodes, got"
    ):
        cluster.register_nodes(nodes)
