"""The ranges of a network are those that EC2 takes."""

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError


def test_fails_when_ec2_refuses_a_range_of_pods() -> None:
    with pytest.raises(
        ConfigurationError, match="pod_cidrs 172.16.0.0/16 cannot be combined with cidr 10.0.0.0/16.*100.64"
    ):
        hardened.Network(cdk.Stack(cdk.App(), "Net"), "Network", pod_cidrs=["172.16.0.0/16"])
