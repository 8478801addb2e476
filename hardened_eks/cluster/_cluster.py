"""The cluster itself."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws
from hardened_eks._roles import document
from hardened_eks._roles import role as make_role
from hardened_eks.cluster import _arguments, _security_groups
from hardened_eks.cluster._base import ClusterBase
from hardened_eks.cluster._settings import ControlPlaneEgress, KubeApiServer
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from datetime import date

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from hardened_eks.addons import AddonOptions
    from hardened_eks.keys import Keys
    from hardened_eks.network import Network

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""Everything the control plane can log."""

_CLUSTER_POLICY = {
    "AmazonEKSClusterPolicy": "the control plane's own permissions, maintained by AWS; only this one cluster can take "
    "the role"
}


class Cluster(ClusterBase):
    """A hardened Amazon EKS cluster."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        version: str,
        name: str | None = None,
        network: Network | None = None,
        keys: Keys | None = None,
        vpc: ec2.IVpc | None = None,
        role: iam.IRole | None = None,
        log_group: logs.ILogGroup | None = None,
        log_retention_days: int = 365,
        service_cidr: str | None = None,
        control_plane_egress: ControlPlaneEgress = ControlPlaneEgress.AWS_MANAGED,
        api_server: KubeApiServer | None = None,
        addons: AddonOptions | None = None,
        zonal_shift: bool = True,
        deletion_protection: bool = True,
        today: date | None = None,
    ) -> None:
        problems = Problems(f"Cluster '{id}'")
        problems.extend(_arguments.version_problems(version, today))
        if name is not None:
            problems.extend(_arguments.name_problems(name))
        problems.extend(_arguments.retention_problems(log_retention_days))
        problems.require(network is None or vpc is None, "pass network or vpc, not both")
        problems.raise_any()
        name = name or _default_name(scope, id)
        super().__init__(scope, id, name=name, arn=_aws.arn("eks", f"cluster/{name}"), version=version)
        from hardened_eks.keys import Keys
        from hardened_eks.network import Network

        self._keys = keys or Keys(self, "Keys")
        if network is None:
            given = {} if vpc is None else {"vpc": vpc}
            network = Network(self, "Network", logs_key=self._keys.logs, **given)
        self._network = network
        self._today = today
        self._options = addons
        self._given_role = role
        self._given_log_group = log_group
        self._security_group = _security_groups.security_group(
            self, "SecurityGroup", description=f"Control plane of EKS cluster {name}", vpc=network.vpc
        )
        self._make_role()
        self._make_log_group(log_retention_days)
        self.resource = self._make_cluster(
            service_cidr, control_plane_egress, api_server, zonal_shift=zonal_shift, protected=deletion_protection
        )
        warning = _arguments.version_warning(version, today)
        if warning:
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:version-ends-soon", warning)
        self._add_default_addons_before()

    @classmethod
    def from_cluster_attributes(cls, scope: Construct, id: str, *, name: str, **attributes: Any) -> ClusterBase:
        """Use a cluster that exists: see `ImportedCluster` for what can be told about it."""
        from hardened_eks.cluster._imported import ImportedCluster

        return ImportedCluster(scope, id, name=name, **attributes)

    def _make_role(self) -> None:
        secrets_key = self._keys.secrets.key_arn
        # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
        use_key = {
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
            "Resource": secrets_key,
        }
        if self._given_role is not None:
            policy = iam.Policy(self, "RolePolicy", document=iam.PolicyDocument.from_json(document(use_key)))
            policy.attach_to_role(self._given_role)
            self._role_arn = self._given_role.role_arn
            self._role_policy: iam.Policy | None = policy
            return
        self._role_policy = None
        made = make_role(
            self,
            "Role",
            description=f"Control plane of EKS cluster {self.name}",
            trust=document(
                {
                    "Principal": {"Service": "eks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": _aws.account()},
                        "ArnLike": {"aws:SourceArn": self.arn},
                    },
                }
            ),
            aws_policies=_CLUSTER_POLICY,
            statements=[use_key],
        )
        self._role_arn = made.attr_arn

    def _make_log_group(self, retention_days: int) -> None:
        self._log_group: logs.CfnLogGroup | None = None
        if self._given_log_group is not None:
            return
        made = logs.CfnLogGroup(
            self,
            "LogGroup",
            log_group_name=f"/aws/eks/{self.name}/cluster",
            retention_in_days=retention_days,
            kms_key_id=self._keys.logs.key_arn,
            deletion_protection_enabled=True,
        )
        made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        self._log_group = made

    def _make_cluster(
        self,
        service_cidr: str | None,
        egress: ControlPlaneEgress,
        api_server: KubeApiServer | None,
        *,
        zonal_shift: bool,
        protected: bool,
    ) -> eks.CfnCluster:
        made = eks.CfnCluster(
            self,
            "Resource",
            name=self.name,
            version=self.version,
            role_arn=self._role_arn,
            resources_vpc_config={
                "subnetIds": self._network.control_plane_subnet_ids,
                "securityGroupIds": [self._security_group.security_group_id],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
                "controlPlaneEgressMode": egress.value,
            },
            encryption_config=[{"provider": {"keyArn": self._keys.secrets.key_arn}, "resources": ["secrets"]}],
            logging={"clusterLogging": {"enabledTypes": [{"type": log_type} for log_type in LOG_TYPES]}},
            access_config={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            bootstrap_self_managed_addons=False,
            kubernetes_network_config=None if service_cidr is None else {"serviceIpv4Cidr": service_cidr},
            kube_api_server_config=None if api_server is None else _api_server(api_server),
            upgrade_policy={"supportType": "STANDARD"},
            zonal_shift_config={"enabled": zonal_shift},
            deletion_protection=protected,
        )
        made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        if self._log_group is not None:
            made.add_dependency(self._log_group)
        if self._role_policy is not None or self._given_log_group is not None:
            made.node.add_dependency(*(x for x in (self._role_policy, self._given_log_group) if x is not None))
        return made

    def _add_default_addons_before(self) -> None:
        from hardened_eks.addons import BEFORE_NODES

        self._add_default_addons(BEFORE_NODES, self._before_nodes)

    def _add_default_addons_after(self, scope: Construct) -> None:
        from hardened_eks.addons import AFTER_NODES

        extra = self._options.extra if self._options else ()
        self._add_default_addons((*AFTER_NODES, *extra), scope)

    def _add_default_addons(self, names: tuple[str, ...], scope: Construct) -> None:
        from hardened_eks.addons import Addon, AddonOptions

        options = self._options or AddonOptions()
        for name in names:
            if name not in options.exclude:
                self.addons[name] = Addon(
                    scope,
                    name,
                    cluster=self,
                    name=name,
                    version=options.versions.get(name),
                    configuration=options.configurations.get(name),
                )

    @cached_property
    def ref(self) -> str:
        """The name as a reference: whatever uses it is created after the cluster."""
        return self.resource.ref

    @property
    def network(self) -> Network:
        """The network given or made."""
        return self._network

    @property
    def keys(self) -> Keys:
        """The keys given or made."""
        return self._keys

    @property
    def security_group(self) -> ec2.ISecurityGroup:
        """The security group of the control plane's network interfaces."""
        return self._security_group

    @cached_property
    def role(self) -> iam.IRole:
        """The control plane's role."""
        if self._given_role is not None:
            return self._given_role
        return iam.Role.from_role_arn(self, "RoleView", self._role_arn)

    @cached_property
    def log_group(self) -> logs.ILogGroup:
        """Where the control plane logs."""
        if self._given_log_group is not None:
            return self._given_log_group
        assert self._log_group is not None
        return logs.LogGroup.from_log_group_name(self, "LogGroupView", self._log_group.ref)

    @cached_property
    def endpoint(self) -> str:
        """URL of the Kubernetes API, which only the network reaches."""
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
        """ARN of the IAM OIDC provider for the issuer, made on first use; Pod Identity needs none."""
        provider = iam.CfnOIDCProvider(self, "OidcProvider", url=self.oidc_issuer, client_id_list=["sts.amazonaws.com"])
        return provider.attr_arn


def _default_name(scope: Construct, id: str) -> str:
    stack = cdk.Stack.of(scope)
    stack_name = stack.stack_name
    path = "" if isinstance(scope, cdk.Stack) else scope.node.path[len(stack.node.path) :].strip("/")
    return _arguments.derived_name(stack_name, *path.split("/"), id)


def _api_server(settings: KubeApiServer) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    if settings.event_ttl is not None:
        rendered["eventTtl"] = settings.event_ttl
    if settings.service_node_port_range is not None:
        first, last = settings.service_node_port_range
        rendered["serviceNodePortRange"] = {"minPort": first, "maxPort": last}
    return rendered
