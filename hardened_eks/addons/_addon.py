"""An EKS add-on, with its role."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of, place_problems
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._roles import role as make_role
from hardened_eks.addons._arguments import AddonArguments
from hardened_eks.data.endpoints import PRIVATE_CLUSTER
from hardened_eks.identity import pod_trust

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.data.addons import KnownAddon


class Addon(Construct):
    """An EKS add-on of a cluster.

    ``cluster.add_addon`` creates an add-on in the right order relative to nodes and other add-ons. An add-on that you
    create directly waits only for the cluster. The next update of the add-on overwrites manual changes in the cluster.

    An add-on whose policies are known (``hardened_eks.data.addons``) gets its own role through Pod Identity, which only
    its service account on this cluster can assume. The node role gets no further permissions.
    """

    name: str
    """Name of the add-on in EKS."""
    cluster: ClusterLike
    """The cluster of the add-on."""
    role: iam.IRole | None
    """The role that was passed as an argument; None otherwise."""
    resource: eks.CfnAddon
    """The CloudFormation resource, for settings that no argument covers."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        name: str,
        version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
        role: iam.IRole | None = None,
        service_account: str | None = None,
        allow_unlisted_name: bool = False,
        tagged_volumes_only: bool = False,
    ) -> None:
        """Create the add-on.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster that gets the add-on.
            name: name of the add-on in EKS, for example ``snapshot-controller``.
            version: version of the add-on, for example ``v8.2.0-eksbuild.1``. Default: EKS's default for the cluster's
                version when the add-on is created.
            configuration: settings of the add-on, merged over the library's, mapping by mapping. Default: only the
                library's: network policy for vpc-cni (with the pod subnets of the network, if any), none for others.
            role: role for the add-on's service account, through Pod Identity. Default: a new role if the add-on's
                policies are known, otherwise none.
            service_account: Kubernetes service account that gets the role. Default: the add-on's own, if it is known.
            allow_unlisted_name: accept the name of an unknown add-on. Names of marketplace add-ons (with ``_``) are
                always accepted. Default: refuse it.
            tagged_volumes_only: for aws-ebs-csi-driver, attach AmazonEBSCSIDriverPolicyV2, which allows only volumes
                and snapshots with the tag ebs.csi.aws.com/cluster=true. The driver tags those that it creates; tag your
                existing ones first. Default: AmazonEBSCSIDriverPolicy, which can snapshot, attach and change every
                volume.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        arguments = AddonArguments(
            cluster=cluster,
            name=name,
            version=version,
            configuration=configuration,
            role=role,
            service_account=service_account,
            allow_unlisted_name=allow_unlisted_name,
            tagged_volumes_only=tagged_volumes_only,
        )
        problems = problems_in(scope, f"Addon '{id}'")
        problems.extend(arguments.problems())
        problems.extend(place_problems(scope, cluster=cluster))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self._make(arguments)

    def _make(self, given: AddonArguments) -> None:
        known, role = given.known, given.role
        account = given.service_account or known.service_account
        self.name = given.name
        self.cluster = given.cluster
        self.role = role
        role_arn = role.role_arn if role is not None else self._own_role_arn(known)
        identity = [{"roleArn": role_arn, "serviceAccount": account}] if role_arn and account else None
        settings = merged(default_configuration(self.cluster, self.name), given.configuration or {})
        self.resource = create(
            eks.CfnAddon,
            self,
            "Resource",
            addon_name=self.name,
            cluster_name=self.cluster.ref,
            addon_version=given.version,
            configuration_values=json.dumps(settings, separators=(",", ":"), sort_keys=True) if settings else None,
            pod_identity_associations=identity,
            resolve_conflicts="OVERWRITE",
        )
        self._reach(known)

    def _reach(self, known: KnownAddon) -> None:
        for endpoint in known.endpoints:
            if endpoint not in PRIVATE_CLUSTER:  # every network has these
                self.cluster.network.add_endpoint(endpoint)
        if known.unreachable is not None and self.cluster.network.isolated:
            cdk.Annotations.of(self).add_warning_v2(
                "hardened-eks:addon-cannot-reach",
                f"add-on '{known.name}' needs {known.unreachable}, which has no VPC endpoint, and the network has no "
                "other way out: use Egress.NAT, or leave the add-on out",
            )

    def _own_role_arn(self, known: KnownAddon) -> str | None:
        if not known.policies or known.namespace is None or known.service_account is None:
            return None
        reason = (
            f"the policy that AWS maintains for the add-on {known.name}; only the add-on's service account on this "
            "cluster can assume the role"
        )
        made = make_role(
            self,
            "Role",
            description=f"EKS add-on {known.name} on {self.cluster.name}",
            trust=pod_trust(self.cluster.arn, known.namespace, known.service_account),
            aws_policies=dict.fromkeys(known.policies, reason),
            statements=_volume_key_statements(self.cluster) if known.name == "aws-ebs-csi-driver" else (),
        )
        return made.attr_arn


class CheckedAddon(Addon):
    """An add-on whose arguments are already checked, by the call that creates it."""

    def __init__(self, scope: Construct, id: str, arguments: AddonArguments) -> None:
        """Create the add-on."""
        Construct.__init__(self, scope, id)
        self._make(arguments)


def default_configuration(cluster: ClusterLike, name: str) -> Mapping[str, Any]:
    """Return the library's default configuration of an add-on."""
    if name != "vpc-cni":
        return {}
    # https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
    return {"enableNetworkPolicy": "true", **_pod_subnets(cluster)}


def _pod_subnets(cluster: ClusterLike) -> Mapping[str, Any]:
    # https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network-tutorial.html
    subnets = cluster.network.pod_subnets
    if not subnets:
        return {}
    groups = [cluster.node_security_group_id]
    return {
        "env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true", "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone"},
        "eniConfig": {
            "create": True,
            "region": _aws.region(),
            "subnets": {
                subnet.availability_zone: {"id": subnet.subnet_id, "securityGroups": groups} for subnet in subnets
            },
        },
    }


def _volume_key_statements(cluster: ClusterLike) -> list[dict[str, Any]]:
    # https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
    key = key_arn_of(cluster.keys.volumes)
    return [
        {
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Resource": key,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
        {
            "Action": [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:DescribeKey",
            ],
            "Resource": key,
        },
    ]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge `over` into `base`, mapping by mapping."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result
