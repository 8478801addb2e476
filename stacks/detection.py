from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

import hardened_eks as hardened
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.cluster import ClusterStack
    from stacks.foundation import FoundationStack
    from stacks.settings import Settings


class DetectionStack(ReferenceStack):
    """Alerts for changes to the cluster and to the resources that protect it."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Settings, foundation: FoundationStack, cluster: ClusterStack
    ) -> None:
        """Create the detection for `cluster`, with the recipients in `settings`."""
        super().__init__(scope, id, settings=settings)
        self.channel = self._channels(settings, foundation)
        self.detection = hardened.Detection(
            self,
            "Detection",
            cluster=cluster.cluster,
            alerts=self.channel,
            level="full" if settings.detection_level == "full" else "default",
            trusted_automation=[settings.creator_role_arn] if settings.creator_role_arn else [],
            break_glass_role=cluster.break_glass,
            watched_roles=[cluster.cluster.role],
            trail="elsewhere",
        )
        cdk.Annotations.of(self.detection).acknowledge_warning(
            "hardened-eks:detection-global-events", "the organization's trail records IAM and console sign-in events"
        )

    def _channels(self, settings: Settings, foundation: FoundationStack) -> hardened.AlertChannel:
        key = foundation.keys.notifications
        everything: list[hardened.AlertChannel] = []
        if settings.alert_emails:
            everything.append(hardened.alerts.Email(*settings.alert_emails, encryption_key=key))
        if settings.alert_slack:
            workspace, channel = settings.alert_slack.split("/")
            slack = hardened.alerts.Slack(workspace_id=workspace, channel_id=channel, encryption_key=key)
            everything.append(slack)
        if not everything:
            everything.append(hardened.alerts.Topic(self, "Alerts", encryption_key=key))
        phones = [hardened.alerts.Sms(*settings.alert_phones, encryption_key=key)] if settings.alert_phones else []
        return hardened.alerts.Route(critical=[*everything, *phones], high=everything)
