"""The cluster itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws
from hardened_eks._asked import key_arn_of, region_of
from hardened_eks._kinds import problems_in
from hardened_eks.cluster import _resources, _security_groups
from hardened_eks.cluster._arguments import ClusterArguments, version_warning
from hardened_eks.cluster._created import CreatedCluster
from hardened_eks.cluster._default_addons import DefaultAddons
from hardened_eks.cluster._imported import ImportedCluster
from hardened_eks.cluster._names import default_name
from hardened_eks.cluster._settings import ControlPlaneEgress
from hardened_eks.compute.auto_mode import AutoMode, AutoModeNodes
from hardened_eks.data.kubernetes import out_of_date
from hardened_eks.keys import Keys
from hardened_eks.network import Network

if TYPE_CHECKING:
    from datetime import date

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from hardened_eks.addons import AddonOptions
    from hardened_eks.cluster._settings import KubeApiServer


class Cluster(CreatedCluster):
    """A hardened Amazon EKS cluster: private, logged, encrypted, without standing administrators.

    The cluster, its log group and its keys stay when the stack is deleted or rolled back (docs/explanation/cluster.md
    explains why, and how to get rid of them).
    """

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
        auto_mode: AutoMode | None = None,
        zonal_shift: bool = True,
        deletion_protection: bool = True,
        today: date | None = None,
    ) -> None:
        """Create the cluster.

        Args:
            scope: where the cluster goes.
            id: construct id.
            version: Kubernetes version in standard support, for example ``1.36``. The oldest one is accepted with a
                warning: CP-09 refuses it.
            name: 1 to 100 letters, digits, ``-`` and ``_``; cannot be changed later. Default: made of the names of the
                stack and the constructs.
            network: where the cluster lives. Default: a new Network, isolated; or one made of `vpc`.
            keys: what encrypts its data. Default: new Keys.
            vpc: an existing VPC, adopted as a Network; not beside `network`. Default: a new VPC.
            role: the control plane's role; is given the use of the secrets key, needs the permissions of
                AmazonEKSClusterPolicy and should be pinned to this cluster. Default: a new role, pinned.
            log_group: an existing group named ``/aws/eks/<name>/cluster``; its retention and key are yours.
                Default: a new one, encrypted, protected and retained.
            log_retention_days: how long a new log group keeps what the control plane logs. Default: a year.
            service_cidr: IPv4 block for Kubernetes services, /12 to /24; cannot be changed later. Default: EKS chooses
                10.100.0.0/16 or 172.20.0.0/16: the one that the VPC does not use.
            control_plane_egress: the way traffic leaves the control plane. Default: through AWS's networks.
            api_server: settings of the API server. Default: EKS's own.
            addons: changes to the default add-ons. Default: none.
            auto_mode: let AWS run the nodes, by node pools of yours; add-ons that it replaces are left out. A role of
                yours needs its five policies and sts:TagSession. Default: off.
            zonal_shift: let Route 53 ARC shift traffic away from an impaired zone. Default: on.
            deletion_protection: refuse to delete the cluster until this is switched off. Default: on.
            today: the day on which the version's support is evaluated. Default: the current date.

        Raises:
            ConfigurationError: naming every mistake in the arguments.
        """
        problems = problems_in(scope, f"Cluster '{id}'")
        given = ClusterArguments(
            name=default_name(scope, id) if name is None else name,
            version=version,
            network=network,
            keys=keys,
            vpc=vpc,
            role=role,
            log_group=log_group,
            log_retention_days=log_retention_days,
            service_cidr=service_cidr,
            control_plane_egress=control_plane_egress,
            api_server=api_server,
            addons=addons,
            auto_mode=auto_mode,
            zonal_shift=zonal_shift,
            deletion_protection=deletion_protection,
            today=today,
        )
        problems.extend(given.problems())
        if isinstance(auto_mode, AutoMode):
            problems.extend(auto_mode.region_problems(region_of(scope)))
        problems.raise_any()

        arn = _aws.arn("eks", f"cluster/{given.name}")
        super().__init__(scope, id, name=given.name, arn=arn, version=version)
        self._given = given
        self._keys = keys or Keys(self, "Keys")
        self._network = network or Network(self, "Network", logs_key=self._keys.logs, vpc=vpc)
        self._group = _security_groups.control_plane(self, cluster_name=self.name, vpc_id=self._network.vpc_id)
        secrets_key = key_arn_of(self._keys.secrets)
        volumes_key = None if auto_mode is None else key_arn_of(self._keys.volumes)
        plane_role, first = _resources.role_for(
            self, given, cluster_arn=arn, secrets_key=secrets_key, volumes_key=volumes_key
        )
        self._log_group: logs.CfnLogGroup | None = None
        if log_group is None:
            self._log_group = _resources.log_group(
                self, cluster_name=self.name, key=self._keys.logs, retention_days=log_retention_days
            )
        self.resource = _resources.cluster(
            self,
            given,
            plane_role=plane_role,
            subnet_ids=self._network.control_plane_subnet_ids,
            security_group_id=self._group.group_id,
            secrets_key=secrets_key,
            after=[*first, *(group for group in (self._log_group, log_group) if group is not None)],
        )
        """The CloudFormation resource, for settings that no argument covers."""
        for about, warning in (
            ("version-ends-soon", version_warning(version, today)),
            ("versions-out-of-date", out_of_date(today)),
        ):
            if warning is not None:
                cdk.Annotations.of(self).add_warning_v2(f"hardened-eks:{about}", warning)
        self._default_addons = DefaultAddons(addons, auto_mode)
        self.addons.update({made.name: made for made in self._default_addons.before_nodes(self, self._before_nodes)})
        self.auto_mode_nodes = (
            None if auto_mode is None else AutoModeNodes(self, "AutoMode", cluster=self, settings=auto_mode)
        )
        """What the nodes of Auto Mode need, and the objects that start them; None without Auto Mode."""
        if auto_mode is not None and auto_mode.applied:
            self._make_addons_on_nodes()

    @classmethod
    def from_cluster_attributes(
        cls,
        scope: Construct,
        id: str,
        *,
        name: str,
        arn: str | None = None,
        version: str | None = None,
        network: Network | None = None,
        vpc: ec2.IVpc | None = None,
        keys: Keys | None = None,
        security_group: ec2.ISecurityGroup | None = None,
        node_security_group: ec2.ISecurityGroup | None = None,
        endpoint: str | None = None,
        certificate_authority: str | None = None,
        oidc_issuer: str | None = None,
        oidc_provider_arn: str | None = None,
    ) -> ImportedCluster:
        """Use a cluster that exists, to add node groups, add-ons, pod roles and access entries to it.

        What is not told here is asked for, by an error, when something needs it.

        Args:
            scope: where its parts go.
            id: construct id.
            name: of the cluster.
            arn: of the cluster, in the account and region of the stack. Default: made of these and the name.
            version: its Kubernetes version. Default: not known.
            network: where it lives; node groups need it. Default: made of `vpc`, adding nothing to it.
            vpc: the VPC it is in; not beside `network`. Default: not known.
            keys: what encrypts node volumes. Default: new Keys, created on first use.
            security_group: of the control plane's network interfaces; node groups need it. Default: not known.
            node_security_group: of the cluster's other nodes, where CoreDNS runs, or the cluster security group that
                EKS created if they carry that; node groups need it. It and the group of new nodes admit each other on
                all TCP and UDP ports. Default: not known.
            endpoint: URL of its API. Default: not known.
            certificate_authority: of its API, in base64. Default: not known.
            oidc_issuer: URL of its OIDC issuer, for `ServiceAccountRole`. Default: not known.
            oidc_provider_arn: ARN of the IAM OIDC provider for the issuer. Default: not known.

        Raises:
            ConfigurationError: naming every mistake in the arguments.
        """
        return ImportedCluster(
            scope,
            id,
            name=name,
            arn=arn,
            version=version,
            network=network,
            vpc=vpc,
            keys=keys,
            security_group=security_group,
            node_security_group=node_security_group,
            endpoint=endpoint,
            certificate_authority=certificate_authority,
            oidc_issuer=oidc_issuer,
            oidc_provider_arn=oidc_provider_arn,
        )
