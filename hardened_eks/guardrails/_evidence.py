"""Statements that protect evidence: trail, recorder, detectors, hooks, logs, keys, images, functions and backups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.guardrails._words import OWNED, Statement, deny, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.guardrails.settings import Settings

_TRAIL_ENDS: Final = ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail")
_SETUP: Final = (
    *("cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors", "cloudtrail:PutInsightSelectors"),
    *("config:StopConfigurationRecorder", "config:DeleteConfigurationRecorder", "config:PutConfigurationRecorder"),
    *("config:DeleteDeliveryChannel", "config:PutDeliveryChannel", "config:DeleteConfigRule"),
    *("config:DeleteConformancePack", "config:DeleteEvaluationResults"),
    *("guardduty:DeleteDetector", "guardduty:UpdateDetector", "guardduty:CreateFilter", "guardduty:UpdateFilter"),
    *("guardduty:Disassociate*", "guardduty:StopMonitoringMembers", "securityhub:DisableSecurityHub"),
    *("securityhub:BatchDisableStandards", "securityhub:DisassociateFromAdministratorAccount"),
    *("cloudformation:DeactivateType", "cloudformation:DeregisterType", "cloudformation:SetTypeConfiguration"),
    *("access-analyzer:DeleteAnalyzer", "inspector2:Disable", "macie2:DisableMacie"),
)
_ACCOUNT: Final = (
    *("ec2:DeleteFlowLogs", "ec2:ModifyInstanceMetadataOptions", "ec2:DisableEbsEncryptionByDefault"),
    *("ec2:DisableSnapshotBlockPublicAccess", "ec2:ModifyVpcBlockPublicAccessOptions"),
)
_LOGS: Final = (
    *("logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy"),
    *("logs:AssociateKmsKey", "logs:DisassociateKmsKey", "logs:DeleteSubscriptionFilter"),
    *("logs:PutDataProtectionPolicy", "logs:UntagResource", "logs:UntagLogGroup"),
)
KEYS: Final = ("kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:UntagResource")
"""Calls that make a key unusable for the data it encrypts."""
_IMAGES: Final = (
    *("ecr:PutImageTagMutability", "ecr:DeleteRepository", "ecr:SetRepositoryPolicy", "ecr:BatchDeleteImage"),
    *("ecr:UntagResource",),
)
_FUNCTIONS: Final = (
    *("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:DeleteFunction"),
    *("lambda:PutFunctionConcurrency", "lambda:RemovePermission", "lambda:UntagResource"),
)
"""Functions that evaluate AWS Config rules: changed code could report any result, and a concurrency of 0 stops them."""
_BACKUPS: Final = (
    *("backup:DeleteBackupVault*", "backup:PutBackupVaultAccessPolicy", "backup:DeleteRecoveryPoint"),
    *("backup:UpdateRecoveryPointLifecycle",),
)


def evidence(settings: Settings) -> Iterator[Statement]:
    """Yield the statements. They also apply to break-glass roles, because no emergency requires deleting evidence."""
    deployers = roles(settings.deployer_roles)
    both = roles(settings.creator_roles, settings.deployer_roles)
    yield deny("TrailStays", _TRAIL_ENDS, but=deployers)
    yield deny("SetupStays", _SETUP, but=both)
    yield deny("AccountStays", _ACCOUNT, but=both)
    if settings.log_groups:
        groups = [f"arn:*:logs:*:*:log-group:{name}" for name in settings.log_groups]
        yield deny(
            "LogsStay", _LOGS, but=both, resource=[*groups, *(f"{group}:*" for group in groups if group[-1] != "*")]
        )
    # Groups with generated names, such as those of flow logs, are identified by the tag.
    yield deny("OwnedLogsStay", _LOGS, OWNED, but=both)
    yield deny("KeysStay", KEYS, OWNED, but=both)
    # ECR encrypts repositories with grants that do not count as grants for AWS resources (see hardened_eks.keys).
    grants = {
        **OWNED,
        "BoolIfExists": {"kms:GrantIsForAWSResource": "false"},
        "StringNotLikeIfExists": {"kms:ViaService": "ecr.*"},
    }
    yield deny("NoGrants", "kms:CreateGrant", grants, but=both)
    yield deny("ImagesStay", _IMAGES, OWNED, but=both)
    yield deny("FunctionsStay", _FUNCTIONS, OWNED, but=both)
    yield deny("BackupsStay", _BACKUPS, but=deployers)
