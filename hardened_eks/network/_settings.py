from __future__ import annotations

from enum import StrEnum


class Egress(StrEnum):
    """The route of nodes to addresses outside of the VPC."""

    NONE = "none"
    """No route: subnets are isolated, and nodes reach AWS services through VPC endpoints."""
    NAT = "nat"
    """One NAT gateway per zone, in public subnets without other resources.

    Their route to the internet gateway is a finding of NW-04 (`no_internet_gateway_route`). Record the decision:
    ``hardened_eks.waive(network, no_internet_gateway_route, reason="...", until="2027-06-30")``.
    """


class EncryptionControl(StrEnum):
    """Whether the VPC monitors or enforces encryption in transit between its resources."""

    OFF = "off"
    """No encryption control, for partitions and Regions that do not have it yet."""
    MONITOR = "monitor"
    """Flow logs show unencrypted traffic."""
    ENFORCE = "enforce"
    """Unencrypted traffic is refused, and resources that do not support encryption cannot be created."""
