"""Self-managed Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._kinds import ROLE, list_problems
from hardened_eks.addons._charted import ChartedController
from hardened_eks.addons._controller import text_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike

_ACCOUNTS = ("argocd-application-controller", "argocd-applicationset-controller", "argocd-server")
"""Components of Argo CD that sign in to clusters. Source: the EKS section of its declarative setup."""


class ArgoCd(ChartedController):
    """Self-managed Argo CD in the cluster, with permission to assume the roles with which it deploys to other clusters.

    It deploys to its own cluster with its service account and needs no AWS permissions for that. With
    `hardened_eks.ArgoCdCapability`, EKS runs Argo CD instead: you install and patch nothing, but need IAM Identity
    Center.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        target_roles: Sequence[iam.IRole] = (),
        scope: Construct | None = None,
        id: str = "ArgoCd",
        namespace: str | None = None,
        image_repository: str | None = None,
    ) -> None:
        """Create the roles and their policy, and the values of the chart.

        Args:
            cluster: the cluster in which the controller runs.
            target_roles: roles with which Argo CD deploys to other clusters (``roleARN`` of ``awsAuthConfig``), each
                with an access entry there. Their trust policies must allow sts:AssumeRole and sts:TagSession for
                `roles`. Default: none; Argo CD deploys only to its own cluster.
            scope: the parent construct. Default: the cluster.
            id: construct ID. Default: ``ArgoCd``.
            namespace: Kubernetes namespace. Default: ``argocd``, the namespace of its profile in the baseline.
            image_repository: repository of the controller's image. Default: that of the chart; in an isolated network,
                ``argocd`` in the account's ECR, to which you copy the image.

        Raises:
            ConfigurationError: an argument is invalid; or the cluster already has Argo CD, or has no Pod Identity
                agent. The error lists all mistakes.
        """
        self._prepare(
            "argo-cd",
            cluster,
            scope,
            id,
            namespace=namespace,
            service_accounts=_ACCOUNTS,
            problems=[
                *list_problems(ROLE, target_roles=target_roles),
                *text_problems(image_repository=image_repository),
            ],
        )
        parts = ["roles"] if target_roles else []
        self._allow(_ACCOUNTS if target_roles else (), parts, {"roles": [role.role_arn for role in target_roles]})
        image = self._image(image_repository, "argocd")
        self._with({"global": {"image": {"repository": image}}} if image else {})
