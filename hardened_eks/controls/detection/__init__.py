"""Detection: alerts, GuardDuty, Security Hub, AWS Config, Audit Manager, Access Analyzer."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.detection.access_analyzer import access_analyzer
    from hardened_eks.controls.detection.alarm_has_action import alarm_has_action
    from hardened_eks.controls.detection.audit_manager_evidence import audit_manager_evidence
    from hardened_eks.controls.detection.audit_surge_alarmed import audit_surge_alarmed
    from hardened_eks.controls.detection.config_eks_rules import config_eks_rules
    from hardened_eks.controls.detection.config_recorder import config_recorder
    from hardened_eks.controls.detection.container_insights import container_insights
    from hardened_eks.controls.detection.eks_changes_alerted import eks_changes_alerted
    from hardened_eks.controls.detection.guardduty_eks_audit import guardduty_eks_audit
    from hardened_eks.controls.detection.guardduty_eks_runtime import guardduty_eks_runtime
    from hardened_eks.controls.detection.guardduty_enabled import guardduty_enabled
    from hardened_eks.controls.detection.guardduty_malware_ec2 import guardduty_malware_ec2
    from hardened_eks.controls.detection.guardduty_s3_lambda import guardduty_s3_lambda
    from hardened_eks.controls.detection.security_hub_enabled import security_hub_enabled

DETECTION = controls_of(
    __name__,
    "eks_changes_alerted",
    "audit_surge_alarmed",
    "alarm_has_action",
    "container_insights",
    "guardduty_enabled",
    "guardduty_eks_audit",
    "guardduty_eks_runtime",
    "guardduty_malware_ec2",
    "guardduty_s3_lambda",
    "security_hub_enabled",
    "config_recorder",
    "config_eks_rules",
    "audit_manager_evidence",
    "access_analyzer",
)

__all__ = [
    "DETECTION",
    "access_analyzer",
    "alarm_has_action",
    "audit_manager_evidence",
    "audit_surge_alarmed",
    "config_eks_rules",
    "config_recorder",
    "container_insights",
    "eks_changes_alerted",
    "guardduty_eks_audit",
    "guardduty_eks_runtime",
    "guardduty_enabled",
    "guardduty_malware_ec2",
    "guardduty_s3_lambda",
    "security_hub_enabled",
]
