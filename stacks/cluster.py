from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

import hardened_eks as hardened

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.foundation import FoundationStack
    from stacks.settings import Settings


class ClusterStack(cdk.Stack):
    """The cluster, its nodes, and the way in when everything else fails."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Settings, foundation: FoundationStack, **kwargs: Any
    ) -> None:
        """Make the cluster of `settings` on `foundation`'s network and keys."""
        super().__init__(scope, id, **kwargs)
        self.cluster = hardened.Cluster(
            self,
            "Cluster",
            name=settings.cluster_name,
            version=settings.version,
            network=foundation.network,
            keys=foundation.keys,
        )
        self.cluster.add_node_group("general", instance_types=settings.instance_types)
        if settings.trusted_principals:
            self.cluster.add_break_glass_role(trusted=settings.trusted_principals)
