from __future__ import annotations

from typing import TYPE_CHECKING

import hardened_eks as hardened
from stacks.base import ReferenceStack
from stacks.compute import COMPUTE

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.foundation import FoundationStack
    from stacks.settings import Settings


class ClusterStack(ReferenceStack):
    """The cluster, its nodes, and the break-glass role."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, foundation: FoundationStack) -> None:
        """Create the cluster of `settings` with the network and the keys of `foundation`."""
        super().__init__(scope, id, settings=settings)
        compute = COMPUTE[settings.compute]
        self.cluster = hardened.Cluster(
            self,
            "Cluster",
            name=settings.cluster_name,
            version=settings.version,
            network=foundation.network,
            keys=foundation.keys,
            addons=compute.addons(),
            auto_mode=compute.auto_mode(),
        )
        compute.add(self.cluster, settings)
        self.break_glass = (
            self.cluster.add_break_glass_role(trusted=settings.trusted_principals)
            if settings.trusted_principals
            else None
        )
