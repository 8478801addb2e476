"""The CloudFormation resources of a cluster, each in one call into Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws, _roles
from hardened_eks._asked import stack_of
from hardened_eks._l1 import create
from hardened_eks.cluster._settings import ControlPlaneEgress
from hardened_eks.compute.auto_mode import CLUSTER_POLICIES
from hardened_eks.data.log_types import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct, IDependable

    from hardened_eks.cluster._arguments import ClusterArguments
    from hardened_eks.cluster._settings import KubeApiServer


def role_for(
    scope: Construct, given: ClusterArguments, *, cluster_arn: str, secrets_key: str, volumes_key: str | None
) -> tuple[str | iam.CfnRole, Sequence[IDependable]]:
    """Return the ARN of the given or new role, and the resources that the role needs before the cluster exists.

    Args:
        scope: the parent construct of a new role.
        given: the arguments of `Cluster`.
        cluster_arn: ARN of the cluster, the only one that may use a new role.
        secrets_key: ARN of the key that encrypts the cluster's data.
        volumes_key: ARN of the key that encrypts volumes. None: without Auto Mode, the role creates no volumes.
    """
    statements = [_use_of(secrets_key), *([] if volumes_key is None else _volumes_with(volumes_key))]
    if given.role is None:
        return role(scope, given, cluster_arn=cluster_arn, statements=statements), ()
    return given.role.role_arn, key_permission(scope, given.role, statements)


def role(
    scope: Construct, given: ClusterArguments, *, cluster_arn: str, statements: Sequence[Mapping[str, Any]]
) -> iam.CfnRole:
    """Create the control plane's role, which EKS can assume only for this cluster, and return its ARN."""
    return _roles.role(
        scope,
        "Role",
        description=f"Control plane of EKS cluster {given.name}",
        # https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html
        trust=_roles.document(
            {
                "Principal": {"Service": "eks.amazonaws.com"},
                # Auto Mode names the cluster for which it acts in session tags.
                "Action": "sts:AssumeRole" if given.auto_mode is None else ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": _aws.account()},
                    "ArnEquals": {"aws:SourceArn": cluster_arn},
                },
            }
        ),
        aws_policies={
            "AmazonEKSClusterPolicy": "the control plane's own permissions, as AWS maintains them; EKS can assume the "
            "role only for this cluster",
            **({} if given.auto_mode is None else CLUSTER_POLICIES),
        },
        statements=statements,
    )


def key_permission(
    scope: Construct, given: iam.IRole, statements: Sequence[Mapping[str, Any]]
) -> Sequence[IDependable]:
    """Let an existing role use the keys. A role that cannot be updated stays unchanged."""
    policy = iam.ManagedPolicy(
        scope,
        "RolePolicy",
        description="Use of the key that encrypts a cluster's data",
        document=iam.PolicyDocument.from_json(_roles.document(*statements)),
    )
    if isinstance(given, iam.Role):
        policy.attach_to_role(given)  # not the other way round: this stack may depend on the role's stack
        return [policy]
    given.add_managed_policy(policy)
    if stack_of(scope).resolve(cast("iam.CfnManagedPolicy", policy.node.default_child).roles):
        return [policy]
    scope.node.try_remove_child("RolePolicy")
    return []


def _use_of(secrets_key: str) -> Mapping[str, Any]:
    # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    return {
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
        "Resource": secrets_key,
    }


def _volumes_with(key: str) -> list[Mapping[str, Any]]:
    """Return the statements that Auto Mode needs to create encrypted volumes.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/auto-kms.html
    """
    return [
        {
            "Action": [
                *("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"),
                *("kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"),
            ],
            "Resource": key,
        },
        {
            "Action": "kms:CreateGrant",
            "Resource": key,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def log_group(scope: Construct, *, cluster_name: str, key: kms.IKey, retention_days: int) -> logs.CfnLogGroup:
    """Create the log group with the name that EKS expects. It outlives the cluster, because it is an audit trail."""
    made = create(
        logs.CfnLogGroup,
        scope,
        "LogGroup",
        log_group_name=f"/aws/eks/{cluster_name}/cluster",
        retention_in_days=retention_days,
        kms_key_id=key,
        deletion_protection_enabled=True,
    )
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return made


def cluster(
    scope: Construct,
    given: ClusterArguments,
    *,
    plane_role: str | iam.CfnRole,
    subnet_ids: Sequence[str],
    security_group_id: str,
    secrets_key: str,
    after: Sequence[IDependable],
) -> eks.CfnCluster:
    """Create the cluster.

    Args:
        scope: the parent construct.
        given: the arguments of `Cluster`.
        plane_role: the control plane's role, or its ARN.
        subnet_ids: IDs of the subnets for its network interfaces.
        security_group_id: ID of the security group of these interfaces.
        secrets_key: ARN of the key that encrypts its data.
        after: resources that must exist before. Without its log group, EKS would create one: unencrypted, without
            expiration, and with the name of ours.
    """
    services, api_server, auto = given.service_cidr, given.api_server, given.auto_mode is not None
    kubernetes_network = {
        **({} if services is None else {"serviceIpv4Cidr": services}),
        **({"elasticLoadBalancing": {"enabled": True}} if auto else {}),
    }
    made = create(
        eks.CfnCluster,
        scope,
        "Resource",
        name=given.name,
        version=given.version,
        role_arn=plane_role,
        resources_vpc_config={
            "subnetIds": list(subnet_ids),
            "securityGroupIds": [security_group_id],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
            "controlPlaneEgressMode": ControlPlaneEgress(given.control_plane_egress).value,
        },
        encryption_config=[{"provider": {"keyArn": secrets_key}, "resources": ["secrets"]}],
        logging={"clusterLogging": {"enabledTypes": [{"type": log_type} for log_type in CONTROL_PLANE]}},
        access_config={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        bootstrap_self_managed_addons=False,
        kubernetes_network_config=kubernetes_network or None,
        # All three must be on or off together. No built-in pools, because they do not use the cluster's key.
        compute_config={"enabled": True, "nodePools": []} if auto else None,
        storage_config={"blockStorage": {"enabled": True}} if auto else None,
        kube_api_server_config=None if api_server is None else _api_server(api_server),
        upgrade_policy={"supportType": "STANDARD"},
        zonal_shift_config={"enabled": given.zonal_shift},
        deletion_protection=given.deletion_protection,
    )
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    own = [one for one in after if isinstance(one, cdk.CfnResource)]
    for resource in own:
        made.add_resource_dependency(resource)
    others = [one for one in after if one not in own]
    if others:
        made.node.add_dependency(*others)
    return made


def _api_server(settings: KubeApiServer) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    if settings.event_ttl is not None:
        rendered["eventTtl"] = settings.event_ttl
    if settings.service_node_port_range is not None:
        first, last = settings.service_node_port_range
        rendered["serviceNodePortRange"] = {"minPort": first, "maxPort": last}
    return rendered
