"""The CloudFormation resources of a cluster, each in one call into Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws, _roles
from hardened_eks._asked import stack_of
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
    """Return the role created, or the ARN of the one given, and what must exist first so that the role can work.

    Args:
        scope: where a new role goes.
        given: the arguments of `Cluster`.
        cluster_arn: ARN of the cluster, which alone may take a new role.
        secrets_key: ARN of the key that encrypts the cluster's data.
        volumes_key: ARN of the key that encrypts volumes. None: without Auto Mode the role makes none.
    """
    statements = [_use_of(secrets_key), *([] if volumes_key is None else _volumes_with(volumes_key))]
    if given.role is None:
        return role(scope, given, cluster_arn=cluster_arn, statements=statements), ()
    return given.role.role_arn, key_permission(scope, given.role, statements)


def role(
    scope: Construct, given: ClusterArguments, *, cluster_arn: str, statements: Sequence[Mapping[str, Any]]
) -> iam.CfnRole:
    """Create the control plane's role, which EKS can take for this one cluster only."""
    return _roles.role(
        scope,
        "Role",
        description=f"Control plane of EKS cluster {given.name}",
        # https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html
        trust=_roles.document(
            {
                "Principal": {"Service": "eks.amazonaws.com"},
                # Auto Mode tells by tags for which cluster it acts.
                "Action": "sts:AssumeRole" if given.auto_mode is None else ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": _aws.account()},
                    "ArnEquals": {"aws:SourceArn": cluster_arn},
                },
            }
        ),
        aws_policies={
            "AmazonEKSClusterPolicy": "the control plane's own permissions, as AWS maintains them; EKS can take the "
            "role for this one cluster only",
            **({} if given.auto_mode is None else CLUSTER_POLICIES),
        },
        statements=statements,
    )


def key_permission(
    scope: Construct, given: iam.IRole, statements: Sequence[Mapping[str, Any]]
) -> Sequence[IDependable]:
    """Give a role that exists the use of the keys; a role without policy updates is left alone."""
    policy = iam.ManagedPolicy(
        scope,
        "RolePolicy",
        description="Use of the key that encrypts a cluster's data",
        document=iam.PolicyDocument.from_json(_roles.document(*statements)),
    )
    if isinstance(given, iam.Role):
        policy.attach_to_role(given)  # not the other way round: the role may be in a stack that this one needs
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
    """Return what Auto Mode needs to make encrypted volumes; with managed groups EC2 Auto Scaling does.

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
    """Create the log group under the name at which EKS looks for it; audit trails outlive the cluster."""
    made = logs.CfnLogGroup(
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
        scope: where it goes.
        given: the arguments of `Cluster`.
        plane_role: the control plane's role, or its ARN.
        subnet_ids: where its network interfaces go.
        security_group_id: of those.
        secrets_key: ARN of the key that encrypts its data.
        after: what must exist before. Without its log group EKS would make one itself: unencrypted, kept forever, and
            in the way of ours.
    """
    services, api_server, auto = given.service_cidr, given.api_server, given.auto_mode is not None
    kubernetes_network = {
        **({} if services is None else {"serviceIpv4Cidr": services}),
        **({"elasticLoadBalancing": {"enabled": True}} if auto else {}),
    }
    made = eks.CfnCluster(
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
        # All three are on or all are off; without built-in pools, which have no key of the cluster's.
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
