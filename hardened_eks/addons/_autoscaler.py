"""The Cluster Autoscaler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks import _aws
from hardened_eks.addons._charted import ChartedController
from hardened_eks.addons._controller import text_problems

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike


class ClusterAutoscaler(ChartedController):
    """The Cluster Autoscaler: changes the size of this cluster's Auto Scaling groups, within the limits of each.

    Karpenter (`Cluster.add_karpenter`) starts nodes that fit the pods instead, and is the better choice for new
    clusters; Auto Mode needs neither.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        scope: Construct | None = None,
        id: str = "ClusterAutoscaler",
        namespace: str | None = None,
        service_account: str = "cluster-autoscaler",
        image_repository: str | None = None,
        image_tag: str | None = None,
    ) -> None:
        """Create the role, its policy and the VPC endpoint, and the values of the chart.

        Args:
            cluster: the cluster whose groups it changes: managed node groups, and groups with the tag
                ``kubernetes.io/cluster/<name>: owned``.
            scope: where they go. Default: the cluster.
            id: construct id.
            namespace: Kubernetes namespace. Default: ``cluster-autoscaler``, that of its profile in the baseline.
            service_account: its service account, which takes the role.
            image_repository: where nodes pull its image from. Default: the chart's own, and in an isolated network
                ``cluster-autoscaler`` of the account's ECR, to which you copy it.
            image_tag: its release, such as ``v1.36.0``; its minor version is that of Kubernetes. Default: the chart's.

        Raises:
            ConfigurationError: naming every mistake in the arguments; or the cluster has the autoscaler already, or
                goes without the Pod Identity agent.
        """
        self._prepare(
            "cluster-autoscaler",
            cluster,
            scope,
            id,
            namespace=namespace,
            service_accounts=[service_account],
            problems=text_problems(image_repository=image_repository, image_tag=image_tag),
        )
        self._allow([service_account], [], {})
        image = {"repository": self._image(image_repository, "cluster-autoscaler"), "tag": image_tag}
        given = {name: value for name, value in image.items() if value}
        self._with(
            {
                "cloudProvider": "aws",
                "awsRegion": _aws.region(),
                "autoDiscovery": {
                    "clusterName": cluster.name,
                    "tags": [f"kubernetes.io/cluster/{cluster.name}"],  # managed and self-managed groups have it
                },
                "rbac": {"serviceAccount": {"create": True, "name": service_account}},
                **({"image": given} if given else {}),
            }
        )
