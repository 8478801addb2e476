from __future__ import annotations

from enum import StrEnum


class Egress(StrEnum):
    """The way in which nodes reach addresses outside of the VPC."""

    NONE = "none"
    """Not at all: isolated subnets; AWS is reached through VPC endpoints."""
    NAT = "nat"
    """Through one NAT gateway per zone, in public subnets that hold nothing else.

    Their route to the internet gateway is a finding of NW-04 (`no_internet_gateway_route`), a decision to be recorded:
    ``hardened_eks.waive(network, no_internet_gateway_route, reason="...", until="2027-06-30")``.
    """


class EncryptionControl(StrEnum):
    """Whether the VPC watches or enforces encryption in transit between its resources."""

    OFF = "off"
    """No encryption control, for partitions and Regions that do not have it yet."""
    MONITOR = "monitor"
    """Flow logs show the traffic that is not encrypted."""
    ENFORCE = "enforce"
    """Traffic that is not encrypted is refused; resources that cannot encrypt cannot be created."""
