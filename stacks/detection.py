from __future__ import annotations

from typing import TYPE_CHECKING

import hardened_eks as hardened
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.cluster import ClusterStack
    from stacks.foundation import FoundationStack
    from stacks.settings import Settings


class DetectionStack(ReferenceStack):
    """Who is told when somebody touches the cluster or what protects it."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Settings, foundation: FoundationStack, cluster: ClusterStack
    ) -> None:
        """Make the topic that tells people, and the detection of `cluster`."""
        super().__init__(scope, id, settings=settings)
        self.alerts = hardened.alerts.Topic(self, "Alerts", encryption_key=foundation.keys.notifications)
        self.detection = hardened.Detection(
            self,
            "Detection",
            cluster=cluster.cluster,
            alerts=self.alerts,
            level=settings.detection_level,
            trusted_automation=[settings.creator_role_arn] if settings.creator_role_arn else [],
            break_glass=cluster.break_glass,
            watched_roles=[cluster.cluster.role],
            trail="elsewhere",
        )
