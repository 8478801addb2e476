"""The VPC endpoints of a network, and the security groups that they admit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from hardened_eks.data.endpoints import GATEWAY
from hardened_eks.network import _endpoints
from hardened_eks.network._security_group import SecurityGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_ec2 as ec2


class Endpoints:
    """The endpoints that a network creates, one for each service, with one security group."""

    def __init__(
        self,
        scope: Construct,
        *,
        vpc_id: str,
        region: str,
        subnet_ids: Sequence[str],
        route_tables: Sequence[str | ec2.CfnRouteTable],
        organization_id: str | None,
    ) -> None:
        """Create the security group.

        Args:
            scope: the parent construct of the endpoints.
            vpc_id: ID of the VPC.
            region: Region of the stack.
            subnet_ids: IDs of one subnet per zone, for interface endpoints.
            route_tables: the route tables for gateway endpoints.
            organization_id: ID of the organization whose principals and resources the policies admit. None: those of
                the account.
        """
        self._scope, self._vpc_id, self._region = scope, vpc_id, region
        self._subnet_ids, self._route_tables = subnet_ids, route_tables
        self._organization_id = organization_id
        self._made: dict[str, ec2.CfnVPCEndpoint] = {}
        self._admitted: set[str] = set()
        self.group = _endpoints.security_group(scope, vpc_id)
        """The security group that accepts HTTPS from admitted groups."""

    @property
    def services(self) -> frozenset[str]:
        """Short names of the services that have an endpoint."""
        return frozenset(self._made)

    def add(self, *services: str) -> Iterator[ec2.CfnVPCEndpoint]:
        """Create the missing endpoints of services, and yield them."""
        for service in services:
            if service not in self._made:
                self._made[service] = self._gateway(service) if service in GATEWAY else self._interface(service)
                yield self._made[service]

    def _gateway(self, service: str) -> ec2.CfnVPCEndpoint:
        return _endpoints.gateway(
            self._scope,
            service,
            vpc_id=self._vpc_id,
            region=self._region,
            route_tables=self._route_tables,
            organization_id=self._organization_id,
        )

    def _interface(self, service: str) -> ec2.CfnVPCEndpoint:
        return _endpoints.interface(
            self._scope,
            service,
            vpc_id=self._vpc_id,
            region=self._region,
            subnet_ids=self._subnet_ids,
            security_group_id=self.group.group_id,
            organization_id=self._organization_id,
        )

    def admit(self, security_group: ec2.ISecurityGroup | SecurityGroup) -> None:
        """Let members of a security group reach the endpoints. A second call has no effect."""
        if isinstance(security_group, SecurityGroup):
            scope, name, group_id = security_group.scope, security_group.id, security_group.group_id
        else:
            parent, name, group_id = security_group.node.scope, security_group.node.id, security_group.security_group_id
            assert isinstance(parent, Construct)
            scope = parent
        if group_id not in self._admitted:
            self._admitted.add(group_id)
            _endpoints.admit(self.group, scope, name, group_id)

    def admit_custom_resources(self) -> None:
        """Let functions in the network send responses to CloudFormation through the S3 endpoint."""
        endpoint = self._made.get("s3")
        if endpoint is not None:
            endpoint.policy_document = _endpoints.s3_policy(self._organization_id, self._region, custom_resources=True)
