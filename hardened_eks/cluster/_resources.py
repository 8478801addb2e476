"""The CloudFormation resources of a cluster, each in one call into Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws, _roles
from hardened_eks.cluster._settings import ControlPlaneEgress
from hardened_eks.data.log_types import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct, IDependable

    from hardened_eks.cluster._arguments import ClusterArguments
    from hardened_eks.cluster._settings import KubeApiServer


def role_for(
    scope: Construct, given: ClusterArguments, *, cluster_arn: str, secrets_key: str
) -> tuple[str, Sequence[IDependable]]:
    """Return the ARN of the role given or made, and what must exist before the cluster so that the role can work."""
    if given.role is None:
        return role(scope, cluster_name=given.name, cluster_arn=cluster_arn, secrets_key=secrets_key), ()
    return given.role.role_arn, key_permission(scope, given.role, secrets_key)


def role(scope: Construct, *, cluster_name: str, cluster_arn: str, secrets_key: str) -> str:
    """Make the control plane's role, which EKS can take for this one cluster only; returns its ARN."""
    made = _roles.role(
        scope,
        "Role",
        description=f"Control plane of EKS cluster {cluster_name}",
        # https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html
        trust=_roles.document(
            {
                "Principal": {"Service": "eks.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": _aws.account()},
                    "ArnEquals": {"aws:SourceArn": cluster_arn},
                },
            }
        ),
        aws_policies={
            "AmazonEKSClusterPolicy": "the control plane's own permissions, as AWS maintains them; EKS can take the "
            "role for this one cluster only"
        },
        statements=[_use_of(secrets_key)],
    )
    return made.attr_arn


def key_permission(scope: Construct, given: iam.IRole, secrets_key: str) -> Sequence[IDependable]:
    """Give a role that exists the use of the secrets key; a role without policy updates is left alone."""
    policy = iam.ManagedPolicy(
        scope,
        "RolePolicy",
        description="Use of the key that encrypts a cluster's data",
        document=iam.PolicyDocument.from_json(_document(secrets_key)),
    )
    if isinstance(given, iam.Role):
        policy.attach_to_role(given)  # not the other way round: the role may live in a stack that this one needs
        return [policy]
    given.add_managed_policy(policy)
    if cdk.Stack.of(scope).resolve(cast("iam.CfnManagedPolicy", policy.node.default_child).roles):
        return [policy]
    scope.node.try_remove_child("RolePolicy")
    return []


def _document(secrets_key: str) -> dict[str, Any]:
    return _roles.document(_use_of(secrets_key))


def _use_of(secrets_key: str) -> Mapping[str, Any]:
    # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    return {
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
        "Resource": secrets_key,
    }


def log_group(scope: Construct, *, cluster_name: str, key: kms.IKey, retention_days: int) -> logs.CfnLogGroup:
    """Make the log group under the name at which EKS looks for it; audit trails outlive the cluster."""
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
    role_arn: str,
    subnet_ids: Sequence[str],
    security_group_id: str,
    secrets_key: str,
    after: Sequence[IDependable],
) -> eks.CfnCluster:
    """Make the cluster.

    Args:
        scope: where it goes.
        given: the arguments of `Cluster`.
        role_arn: the control plane's role.
        subnet_ids: where its network interfaces go.
        security_group_id: of those.
        secrets_key: ARN of the key that encrypts its data.
        after: what must exist before. Without its log group EKS would make one itself: unencrypted, kept for ever, and
            in the way of ours.
    """
    services, api_server = given.service_cidr, given.api_server
    made = eks.CfnCluster(
        scope,
        "Resource",
        name=given.name,
        version=given.version,
        role_arn=role_arn,
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
        kubernetes_network_config=None if services is None else {"serviceIpv4Cidr": services},
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
