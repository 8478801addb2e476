"""A cluster as the CDK's ``ICluster``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._views import view_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import aws_eks_v2
    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks._views import Taggable


def cdk_view(
    scope: Construct,
    cluster: ClusterLike,
    *,
    cluster_security_group_id: str | None,
    provider: aws_eks_v2.IKubectlProvider | None,
    resource: Taggable | None,
) -> aws_eks_v2.ICluster:
    """Return the cluster as the CDK's interface, with all known attributes.

    Args:
        scope: the parent construct.
        cluster: the cluster.
        cluster_security_group_id: ID of the security group that EKS created for it. None: not known.
        provider: handler that runs Helm charts and manifests. None: they cannot be run.
        resource: resource that gets the tags of the view. None: no resource, the cluster is imported.
    """
    from aws_cdk import aws_eks_v2

    attributes: dict[str, Callable[[], dict[str, Any]]] = {
        "network": lambda: {"vpc": cluster.network.vpc},
        "security_group": lambda: {"security_group_ids": [cluster.security_group_id]},
        "endpoint": lambda: {"cluster_endpoint": cluster.endpoint},
        "certificate_authority": lambda: {"cluster_certificate_authority_data": cluster.certificate_authority},
    }
    known: dict[str, Any] = {}
    for name, value in attributes.items():
        if not any(cluster.unknown(name)):
            known.update(value())
    view = aws_eks_v2.Cluster.from_cluster_attributes(
        scope,
        "CdkCluster",
        cluster_name=cluster.ref,
        cluster_security_group_id=cluster_security_group_id,
        kubectl_provider=provider,
        prune=False,  # it reads and deletes objects of every kind, in every namespace
        **known,
    )
    return view if resource is None else view_of(resource, view)
