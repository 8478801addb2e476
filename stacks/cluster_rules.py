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
    """The Config rules about what runs in the cluster. It reaches into the cluster, so its creator deploys it."""

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
        """Evaluate what runs in `cluster`, after the recorder of `governance` if that creates one."""
        super().__init__(scope, id, settings=settings)
        self.rules = hardened.ClusterRules(
            self,
            "Rules",
            clusters=[cluster.cluster],
            registries=settings.trusted_registries,
            alerts=detection.channel,
            recorder=None if governance is None else governance.recorder,
        )
