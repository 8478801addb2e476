"""The VPC endpoints of a network: which there are, and who is admitted."""

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
    """The endpoints that a network creates, one a service, behind one security group."""

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
            scope: where the endpoints go.
            vpc_id: the VPC.
            region: the stack's.
            subnet_ids: one per zone, for interface endpoints.
            route_tables: get the routes of gateway endpoints.
            organization_id: whose principals and resources the policies admit. None: the account's.
        """
        self._scope, self._vpc_id, self._region = scope, vpc_id, region
        self._subnet_ids, self._route_tables = subnet_ids, route_tables
        self._organization_id = organization_id
        self._made: dict[str, ec2.CfnVPCEndpoint] = {}
        self._admitted: set[str] = set()
        self.group = _endpoints.security_group(scope, vpc_id)
        """Admits HTTPS from what was admitted."""

    @property
    def services(self) -> frozenset[str]:
        """Short names of the services that have one."""
        return frozenset(self._made)

    def add(self, *services: str) -> Iterator[ec2.CfnVPCEndpoint]:
        """Create the endpoints of services that have none, and yield them."""
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
        """Let what carries a security group reach the endpoints; asking twice changes nothing."""
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
        """Let functions in the network answer CloudFormation through the endpoint of S3."""
        endpoint = self._made.get("s3")
        if endpoint is not None:
            endpoint.policy_document = _endpoints.s3_policy(self._organization_id, self._region, custom_resources=True)
