"""The cluster itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws
from hardened_eks._asked import key_arn_of, place_problems, region_of
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

    CloudFormation keeps the cluster, its log group and its keys when the stack is deleted or rolled back
    (docs/explanation/cluster.md explains why, and how to delete them).
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
            id: construct ID.
            version: Kubernetes version in standard support, for example ``1.36``. The oldest version is accepted with a
                warning, and CP-09 refuses it.
            name: name of the cluster, 1 to 100 letters, digits, ``-`` and ``_``. It cannot be changed later. Default:
                a name derived from those of the stack and the constructs.
            network: the network of the cluster. Default: a new isolated Network, or one created from `vpc`.
            keys: the keys that encrypt the cluster's data. Default: new Keys.
            vpc: an existing VPC, adopted as a Network; cannot be combined with `network`. Default: none, see `network`.
            role: role of the control plane. It needs the permissions of AmazonEKSClusterPolicy, and its trust policy
                should name this cluster. It gets permission to use the secrets key. Default: a new role, which only
                this cluster can use.
            log_group: an existing log group named ``/aws/eks/<name>/cluster``, with its own retention and key.
                Default: a new group, encrypted, protected and retained.
            log_retention_days: days for which a new log group keeps the control plane's logs; a value that CloudWatch
                Logs supports, such as 90 or 400. Default: 365.
            service_cidr: IPv4 block for Kubernetes services, /12 to /24. It cannot be changed later. Default: EKS
                chooses 10.100.0.0/16 or 172.20.0.0/16, the one that the VPC does not use.
            control_plane_egress: route of the control plane's outbound traffic. Default: networks that AWS runs.
            api_server: settings of the API server. Default: those of EKS.
            addons: changes to the default add-ons. Default: none.
            auto_mode: let AWS run the nodes, with your node pools. Add-ons that Auto Mode replaces are left out. Your
                own `role` needs the five policies of Auto Mode and sts:TagSession. Default: off.
            zonal_shift: let Route 53 ARC shift traffic away from an impaired Availability Zone. Default: on.
            deletion_protection: refuse to delete the cluster until this is switched off. Default: on.
            today: the day on which the support of the version is evaluated. Default: the current date.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
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
        problems.extend(place_problems(scope, network=network, keys=keys))
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
        """The resources of Auto Mode's nodes, and the objects that start them; None without Auto Mode."""
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
        """Import an existing cluster, to add node groups, add-ons, pod roles and access entries to it.

        If an operation needs an attribute that you left out, its error names the attribute.

        Args:
            scope: the parent construct of the cluster's parts.
            id: construct ID.
            name: name of the cluster.
            arn: ARN of the cluster, in the account and Region of the stack. Default: derived from these and the name.
            version: Kubernetes version of the cluster. Default: not known.
            network: network of the cluster, which node groups need. Default: created from `vpc`, to which nothing is
                added.
            vpc: VPC of the cluster; cannot be combined with `network`. Default: not known.
            keys: keys that encrypt node volumes. Default: new Keys, created on first use.
            security_group: security group of the control plane's network interfaces, which node groups need. Default:
                not known.
            node_security_group: security group of the cluster's other nodes, where CoreDNS runs, or the cluster
                security group that EKS created, if the nodes use that; node groups need it. It and the group of new
                nodes admit each other on all TCP and UDP ports. Default: not known.
            endpoint: URL of the Kubernetes API. Default: not known.
            certificate_authority: certificate authority of the Kubernetes API, in base64. Default: not known.
            oidc_issuer: URL of the OIDC issuer, for `ServiceAccountRole`. Default: not known.
            oidc_provider_arn: ARN of the IAM OIDC provider for the issuer. Default: not known.

        Returns:
            The imported cluster.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
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
