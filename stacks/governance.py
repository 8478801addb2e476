from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import hardened_eks as hardened
from hardened_eks.controls.logs import trail_s3_data_events
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.cluster import ClusterStack
    from stacks.settings import Settings


_HOMES = {"cn-": "cn-northwest-1", "us-gov-": "us-gov-west-1"}
_DEPLOYERS = ("stacksets-exec-*", "AWSCloudFormationStackSetExecutionRole", "AWSControlTowerExecution")


class GovernanceStack(ReferenceStack):
    """The trail, backups, Config rules and defaults of an account without a landing zone."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, cluster: ClusterStack) -> None:
        """Create the trail of the account, and the backups of `cluster`."""
        super().__init__(scope, id, settings=settings, role_arn=settings.governance_role_arn)
        denied = [settings.creator_role_arn] if settings.creator_role_arn else []
        if cluster.break_glass is not None:
            denied.append(cluster.break_glass.role_arn)
        custody = hardened.LogCustody(readers=settings.auditors, denied=denied)
        everything = settings.object_events == "all"
        self.trail = hardened.Trail(self, "Trail", custody=custody, data_events="all" if everything else ())
        if not everything:
            hardened.waive(
                self.trail,
                trail_s3_data_events,
                reason="the cluster has no buckets; the cost of recording all objects depends on their volume",
                until=date(2027, 10, 31),
            )
        if settings.evidence_writers:
            self.evidence = hardened.EvidenceBucket(
                self, "Evidence", custody=custody, writers=settings.evidence_writers
            )
        self.backups = hardened.Backups(
            self, "Backups", clusters=[cluster.cluster], alerts=hardened.alerts.Topic(self, "Alerts")
        )
        self.defaults = hardened.AccountDefaults(self, "Defaults")
        self.recorder = hardened.ConfigRecorder(self, "Recorder") if settings.config == "created" else None
        if settings.config != "none":
            self.packs = hardened.ConformancePacks(
                self,
                "Packs",
                recorder=self.recorder or "existing",
                framework=settings.config_framework or None,
            )


class HookStack(ReferenceStack):
    """A CloudFormation hook, which evaluates every stack in the account except this one."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings) -> None:
        """Create the hook and a topic for its alarms."""
        super().__init__(scope, id, settings=settings, role_arn=settings.governance_role_arn)
        self.hook = hardened.Hook(
            self,
            "Hook",
            alerts=hardened.alerts.Topic(self, "Alerts"),
            failure_mode="FAIL" if settings.hook == "fail" else "WARN",
        )


class GuardrailsStack(ReferenceStack):
    """Guardrails for an organization that has none, in its management account."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings) -> None:
        """Create and attach the guardrails, in the only Region where CloudFormation supports AWS Organizations."""
        region = next((home for part, home in _HOMES.items() if settings.region.startswith(part)), "us-east-1")
        super().__init__(scope, id, settings=replace(settings, region=region), role_arn="")
        roles = [arn.partition(":role/")[2] for arn in (settings.creator_role_arn, settings.governance_role_arn)]
        creators, deployers = ([one] if one else [] for one in roles)
        self.guardrails = hardened.Guardrails(
            self,
            "Guardrails",
            target_ids=settings.guardrail_targets,
            creator_roles=creators or None,
            deployer_roles=[*_DEPLOYERS, *deployers],
        )
