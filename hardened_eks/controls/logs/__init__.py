"""Logs: CloudWatch log groups and CloudTrail."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.logs.audit_log_whole import audit_log_whole
    from hardened_eks.controls.logs.log_group_class import log_group_class
    from hardened_eks.controls.logs.log_group_encrypted import log_group_encrypted
    from hardened_eks.controls.logs.log_group_protected import log_group_protected
    from hardened_eks.controls.logs.log_group_retention import log_group_retention
    from hardened_eks.controls.logs.trail_bucket_protected import trail_bucket_protected
    from hardened_eks.controls.logs.trail_encrypted import trail_encrypted
    from hardened_eks.controls.logs.trail_multi_region import trail_multi_region
    from hardened_eks.controls.logs.trail_notifies import trail_notifies
    from hardened_eks.controls.logs.trail_s3_data_events import trail_s3_data_events
    from hardened_eks.controls.logs.trail_to_cloudwatch import trail_to_cloudwatch
    from hardened_eks.controls.logs.trail_validated import trail_validated

LOGS = controls_of(
    __name__,
    "log_group_encrypted",
    "log_group_retention",
    "trail_multi_region",
    "trail_encrypted",
    "trail_validated",
    "trail_to_cloudwatch",
    "trail_bucket_protected",
    "trail_s3_data_events",
    "trail_notifies",
    "audit_log_whole",
    "log_group_class",
    "log_group_protected",
)

__all__ = [
    "LOGS",
    "audit_log_whole",
    "log_group_class",
    "log_group_encrypted",
    "log_group_protected",
    "log_group_retention",
    "trail_bucket_protected",
    "trail_encrypted",
    "trail_multi_region",
    "trail_notifies",
    "trail_s3_data_events",
    "trail_to_cloudwatch",
    "trail_validated",
]
