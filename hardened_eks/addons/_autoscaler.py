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
    """The Cluster Autoscaler, which changes the size of this cluster's Auto Scaling groups within their limits.

    Karpenter (`Cluster.add_karpenter`), which starts nodes that fit the pods, is the better choice for new clusters.
    Auto Mode needs neither.
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
            cluster: the cluster whose groups the autoscaler changes: managed node groups, and groups with the tag
                ``kubernetes.io/cluster/<name>: owned``.
            scope: the parent construct. Default: the cluster.
            id: construct ID. Default: ``ClusterAutoscaler``.
            namespace: Kubernetes namespace. Default: ``cluster-autoscaler``, the namespace of its profile in the
                baseline.
            service_account: Kubernetes service account of the controller, which gets the role. Default:
                ``cluster-autoscaler``.
            image_repository: repository of the controller's image. Default: that of the chart; in an isolated network,
                ``cluster-autoscaler`` in the account's ECR, to which you copy the image.
            image_tag: release of the autoscaler, for example ``v1.36.0``; its minor version must equal that of
                Kubernetes. Default: that of the chart.

        Raises:
            ConfigurationError: an argument is invalid; or the cluster already has the autoscaler, or has no Pod
                Identity agent. The error lists all mistakes.
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
