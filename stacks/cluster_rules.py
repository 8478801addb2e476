from __future__ import annotations

from typing import TYPE_CHECKING

import hardened_eks as hardened
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.cluster import ClusterStack
    from stacks.detection import DetectionStack
    from stacks.governance import GovernanceStack
    from stacks.settings import Settings


class ClusterRulesStack(ReferenceStack):
    """The Config rules for objects in the cluster. They access the cluster, so its creator role deploys them."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Settings,
        cluster: ClusterStack,
        detection: DetectionStack,
        governance: GovernanceStack | None,
    ) -> None:
        """Create rules for the objects in `cluster`, after the recorder of `governance` if it has one."""
        super().__init__(scope, id, settings=settings)
        self.rules = hardened.ClusterRules(
            self,
            "Rules",
            clusters=[cluster.cluster],
            registries=settings.trusted_registries,
            alerts=detection.channel,
            recorder=None if governance is None else governance.recorder,
        )
