"""A security group with its first rules in one resource."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2

from hardened_eks._l1 import create
from hardened_eks._views import view_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

# EC2 adds an egress rule to everywhere to a group without egress rules. This rule matches nothing, as in the CDK.
_NOWHERE = {
    "ipProtocol": "icmp",
    "cidrIp": "255.255.255.255/32",
    "fromPort": 252,
    "toPort": 86,
    "description": "Disallow all traffic",
}


class SecurityGroup:
    """A security group with no rules beyond those given. The first use of its CDK interface creates that."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        vpc_id: str,
        ingress: Sequence[dict[str, Any]] = (),
        egress: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Create the resource."""
        self.scope = scope
        self.id = id
        self.resource = made = create(
            ec2.CfnSecurityGroup,
            scope,
            id,
            group_description=description,
            vpc_id=vpc_id,
            security_group_ingress=list(ingress) or None,
            security_group_egress=list(egress) or [_NOWHERE],
        )
        self.group_id = made.attr_group_id

    @cached_property
    def view(self) -> ec2.ISecurityGroup:
        """The group as the CDK's interface. Rules added to it become separate resources; tags apply to the group."""
        view = ec2.SecurityGroup.from_security_group_id
        return view_of(self.resource, view(self.scope, f"{self.id}View", self.group_id, allow_all_outbound=False))
