"""Networks in regions that lack something."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

QUICK: dict[str, Any] = {"add_flow_logs": False, "close_default_security_group": False, "encryption_control": "off"}


def network(region: str, **arguments: Any) -> tuple[cdk.Stack, hardened.Network]:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(account="123456789012", region=region))
    return stack, hardened.Network(stack, "Network", **QUICK, **arguments)


def services(stack: cdk.Stack) -> set[str]:
    found = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    return {str(one["Properties"]["ServiceName"]).rpartition(".")[2].rstrip("'\"]}") for one in found}


@pytest.mark.parametrize(("region", "zones"), [("us-west-1", 2), ("eu-west-1", 3), ("us-east-1", 3), ("cn-north-1", 3)])
def test_default_takes_no_more_zones_than_a_region_has(region: str, zones: int) -> None:
    _, made = network(region, add_endpoints=False)
    assert len(made.node_subnet_ids) == zones


def test_fails_when_a_region_has_fewer_zones() -> None:
    with pytest.raises(ConfigurationError, match="us-west-1 has 2 Availability Zones for a new account, got 3: pass 2"):
        network("us-west-1", availability_zones=3)


def test_zone_ids_are_the_same_in_every_account() -> None:
    stack, made = network(
        "us-east-1", availability_zones=["use1-az1", "use1-az2"], pod_cidrs=["100.64.0.0/16"], add_endpoints=False
    )
    assert len(made.node_subnets) == 2
    assert all(cdk.Token.is_unresolved(zone) for zone in made.vpc.availability_zones)
    subnets = Template.from_stack(stack).find_resources("AWS::EC2::Subnet").values()
    assert {subnet["Properties"]["AvailabilityZoneId"] for subnet in subnets} == {"use1-az1", "use1-az2"}
    assert not any("AvailabilityZone" in subnet["Properties"] for subnet in subnets)
    assert not Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("does not support use1-az3"))


def test_the_warning_offers_zone_ids() -> None:
    stack, _ = network("us-east-1", add_endpoints=False)
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("use1-az1, use1-az2, use1-az4"))


def test_no_endpoint_of_the_eks_api_where_there_is_none() -> None:
    stack, _ = network("ap-southeast-5")
    made = services(stack)
    assert "eks-auth" in made
    assert "eks" not in made
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("ap-southeast-5 has no VPC endpoint of"))
    elsewhere, _ = network("eu-west-1")
    assert {"eks", "eks-auth"} <= services(elsewhere)


@pytest.mark.parametrize("region", ["ap-southeast-7", "mx-central-1", "ap-east-2"])
def test_fails_when_credentials_of_pods_have_no_way(region: str) -> None:
    with pytest.raises(ConfigurationError, match="no endpoint of eks-auth.*egress=Egress.NAT"):
        network(region)
    stack, made = network(region, egress=hardened.Egress.NAT)
    assert not {"eks", "eks-auth"} & services(stack)
    assert made.egress is hardened.Egress.NAT


def test_fails_when_asked_for_an_endpoint_that_the_region_lacks() -> None:
    with pytest.raises(ConfigurationError, match="ap-southeast-5 has no endpoint of 'eks'"):
        network("ap-southeast-5", endpoints=["eks"])
    _, made = network("ap-southeast-5")
    with pytest.raises(ConfigurationError, match="ap-southeast-5 has no endpoint of 'eks'"):
        made.add_endpoint("eks")
