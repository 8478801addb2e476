"""The attributes of a new cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks._l1 import create
from hardened_eks._views import role_view, view_of
from hardened_eks.cluster._base import ClusterBase

if TYPE_CHECKING:
    # pyright does not accept a cached property as a property of a protocol: a Cluster would not be a ClusterLike.
    from builtins import property as cached_property

    from aws_cdk import aws_eks as eks

    from hardened_eks._views import Taggable
    from hardened_eks.cluster._arguments import ClusterArguments
    from hardened_eks.compute.auto_mode import AutoMode
    from hardened_eks.keys import Keys
    from hardened_eks.network import Network
    from hardened_eks.network._security_group import SecurityGroup
else:
    from functools import cached_property


class CreatedCluster(ClusterBase):
    """A cluster with its resources, which `Cluster` creates."""

    resource: eks.CfnCluster
    _given: ClusterArguments
    _keys: Keys
    _network: Network
    _group: SecurityGroup
    _log_group: logs.CfnLogGroup | None

    @cached_property
    def ref(self) -> str:
        """The name of the cluster as a reference. A resource that uses it is created after the cluster."""
        return self.resource.ref

    @property
    def network(self) -> Network:
        """The network of the cluster: the one passed as an argument, or a new one."""
        return self._network

    @property
    def keys(self) -> Keys:
        """The keys of the cluster: those passed as an argument, or new ones."""
        return self._keys

    @property
    def service_cidr(self) -> str | None:
        """IPv4 block of the Kubernetes services, as passed to the constructor; None if EKS chooses it."""
        return self._given.service_cidr

    @property
    def security_group(self) -> ec2.ISecurityGroup:
        """The security group of the control plane's network interfaces."""
        return self._group.view

    @property
    def security_group_id(self) -> str:
        """ID of the security group of the control plane."""
        return self._group.group_id

    @property
    def _auto_mode(self) -> AutoMode | None:
        return self._given.auto_mode

    @property
    def _tags_go_to(self) -> Taggable:
        return self.resource

    @property
    def _cluster_security_group_id(self) -> str:
        return self.resource.attr_cluster_security_group_id

    @cached_property
    def role(self) -> iam.IRole:
        """The IAM role of the control plane."""
        return self._given.role or role_view(self, cast("iam.CfnRole", self.node.find_child("Role")))

    @cached_property
    def log_group(self) -> logs.ILogGroup:
        """The log group of the control plane."""
        if self._given.log_group is not None:
            return self._given.log_group
        assert self._log_group is not None
        view = logs.LogGroup.from_log_group_name(self, "LogGroupView", self._log_group.ref)
        return view_of(self._log_group, view)

    @cached_property
    def endpoint(self) -> str:
        """URL of the Kubernetes API, which can be reached only from the network."""
        return self.resource.attr_endpoint

    @cached_property
    def certificate_authority(self) -> str:
        """The API's certificate authority, in base64."""
        return self.resource.attr_certificate_authority_data

    @cached_property
    def oidc_issuer(self) -> str:
        """URL of the cluster's OIDC issuer."""
        return self.resource.attr_open_id_connect_issuer_url

    @cached_property
    def oidc_provider_arn(self) -> str:
        """ARN of the IAM OIDC provider for the issuer. The first use creates it; Pod Identity does not need it."""
        provider = create(
            iam.CfnOIDCProvider, self, "OidcProvider", url=self.oidc_issuer, client_id_list=["sts.amazonaws.com"]
        )
        return provider.attr_arn
