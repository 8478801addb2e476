"""The CloudFormation resources of a cluster, each in one call into Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from hardened_eks import _aws, _roles
from hardened_eks.data.log_types import CONTROL_PLANE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct, IDependable

    from hardened_eks.cluster._settings import ControlPlaneEgress, KubeApiServer


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
    *,
    name: str,
    version: str,
    role_arn: str,
    subnet_ids: Sequence[str],
    security_group_id: str,
    egress: ControlPlaneEgress,
    secrets_key: str,
    service_cidr: str | None,
    api_server: KubeApiServer | None,
    zonal_shift: bool,
    deletion_protection: bool,
) -> eks.CfnCluster:
    """Make the cluster."""
    made = eks.CfnCluster(
        scope,
        "Resource",
        name=name,
        version=version,
        role_arn=role_arn,
        resources_vpc_config={
            "subnetIds": list(subnet_ids),
            "securityGroupIds": [security_group_id],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
            "controlPlaneEgressMode": egress.value,
        },
        encryption_config=[{"provider": {"keyArn": secrets_key}, "resources": ["secrets"]}],
        logging={"clusterLogging": {"enabledTypes": [{"type": log_type} for log_type in CONTROL_PLANE]}},
        access_config={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        bootstrap_self_managed_addons=False,
        kubernetes_network_config=None if service_cidr is None else {"serviceIpv4Cidr": service_cidr},
        kube_api_server_config=None if api_server is None else _api_server(api_server),
        upgrade_policy={"supportType": "STANDARD"},
        zonal_shift_config={"enabled": zonal_shift},
        deletion_protection=deletion_protection,
    )
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    return made


def _api_server(settings: KubeApiServer) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    if settings.event_ttl is not None:
        rendered["eventTtl"] = settings.event_ttl
    if settings.service_node_port_range is not None:
        first, last = settings.service_node_port_range
        rendered["serviceNodePortRange"] = {"minPort": first, "maxPort": last}
    return rendered
