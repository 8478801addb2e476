"""Argo CD that a team runs itself."""

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
"""The components that sign in to clusters (source: the EKS section of its declarative setup)."""


class ArgoCd(ChartedController):
    """Argo CD in the cluster, with the right to take the roles by which it deploys to other clusters.

    To its own cluster it deploys with its service account, and needs no right of AWS. `hardened_eks.ArgoCdCapability`
    has EKS run Argo CD instead: nothing to install and to patch, but IAM Identity Center is required.
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
            cluster: the cluster that it runs in.
            target_roles: the roles by which Argo CD deploys to other clusters (``roleARN`` of ``awsAuthConfig``), each
                with an access entry there. Their trust must admit sts:AssumeRole and sts:TagSession for `roles`.
                Default: none; then it deploys to its own cluster.
            scope: where they go. Default: the cluster.
            id: construct id.
            namespace: Kubernetes namespace. Default: ``argocd``, that of its profile in the baseline.
            image_repository: where nodes pull its image from. Default: the chart's own, and in an isolated network
                ``argocd`` of the account's ECR, to which you copy it.

        Raises:
            ConfigurationError: naming every mistake in the arguments; or the cluster has Argo CD already, or goes
                without the Pod Identity agent.
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
