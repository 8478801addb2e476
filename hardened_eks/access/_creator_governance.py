"""Permissions of the governance role: it creates the account's trails, backups and defaults, and no cluster.

It is separate from the role that creates clusters, which must not have access to the logs of its own actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks.access import _creator_config, _creator_detectors
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

AWS_POLICIES: Final = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
    *_creator_config.AWS_POLICIES,
)
PASSED_TO: Final = (
    "auditmanager.amazonaws.com", "backup.amazonaws.com", "chatbot.amazonaws.com", "cloudtrail.amazonaws.com",
    "events.amazonaws.com", "pods.eks.amazonaws.com", "sns.amazonaws.com", *_creator_config.PASSED_TO,
)  # fmt: skip
LINKED_ROLES: Final = (
    "access-analyzer.amazonaws.com", "apidestinations.events.amazonaws.com", "backup.amazonaws.com",
    "cloudtrail.amazonaws.com", "management.chatbot.amazonaws.com", "restore-testing.backup.amazonaws.com",
    *_creator_config.LINKED_ROLES, *_creator_detectors.LINKED_ROLES,
)  # fmt: skip
WILDCARDS: Final = {
    "Defaults": "settings of the account have no ARN; limited to the stack's Region",
    "SavedQueries": "saved queries take no resource ARN; limited to the stack's Region",
    "Seen": "these list and describe calls take no resource ARN; limited to the stack's Region",
    "Organization": "CloudTrail reads the organization with the caller's permissions, which takes no resource ARN",
    "Mount": "AWS Backup checks whether the caller may mount a vault's storage, which takes no resource ARN",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""

_TRAILS: Final = (
    "AddTags", "CreateTrail", "DeleteTrail", "GetEventConfiguration", "GetEventSelectors", "GetInsightSelectors",
    "GetTrail", "GetTrailStatus", "ListTags", "PutEventSelectors", "PutInsightSelectors", "RemoveTags", "StartLogging",
    "StopLogging", "UpdateTrail",
)  # fmt: skip
_BUCKETS: Final = (
    "CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "GetAccelerateConfiguration", "GetAnalyticsConfiguration",
    "GetBucketAbac", "GetBucketAcl", "GetBucketCORS", "GetBucketLogging", "GetBucketMetadataTableConfiguration",
    "GetBucketNotification", "GetBucketObjectLockConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy",
    "GetBucketPublicAccessBlock", "GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite",
    "GetEncryptionConfiguration", "GetIntelligentTieringConfiguration", "GetInventoryConfiguration",
    "GetLifecycleConfiguration", "GetMetricsConfiguration", "GetReplicationConfiguration", "ListBucket",
    "ListTagsForResource", "PutBucketLogging", "PutBucketObjectLockConfiguration", "PutBucketOwnershipControls",
    "PutBucketPolicy", "PutBucketPublicAccessBlock", "PutBucketTagging", "PutBucketVersioning",
    "PutEncryptionConfiguration", "PutLifecycleConfiguration", "TagResource", "UntagResource",
)  # fmt: skip
"""No action on objects: the role creates the bucket and cannot read its content."""
_ANALYZERS: Final = (
    "CreateAnalyzer", "CreateArchiveRule", "DeleteAnalyzer", "DeleteArchiveRule", "GetAnalyzer", "ListArchiveRules",
    "TagResource", "UntagResource", "UpdateAnalyzer", "UpdateArchiveRule",
)  # fmt: skip
_WORKGROUPS: Final = (
    "CreateWorkGroup", "DeleteWorkGroup", "GetWorkGroup", "ListTagsForResource", "TagResource", "UntagResource",
    "UpdateWorkGroup",
)  # fmt: skip
_TABLES: Final = (
    "CreateDatabase", "CreateTable", "DeleteDatabase", "DeleteTable", "GetDatabase", "GetTable", "UpdateDatabase",
    "UpdateTable",
)  # fmt: skip
_DEFAULTS: Final = (
    "DescribeVpcBlockPublicAccessExclusions", "DescribeVpcBlockPublicAccessOptions", "DisableSnapshotBlockPublicAccess",
    "EnableSnapshotBlockPublicAccess", "GetSnapshotBlockPublicAccessState", "ModifyVpcBlockPublicAccessOptions",
)  # fmt: skip
_EXCLUSIONS: Final = ("DeleteTags", "DeleteVpcBlockPublicAccessExclusion", "ModifyVpcBlockPublicAccessExclusion")
_GROUPS: Final = (
    "AssociateKmsKey", "CreateLogGroup", "DeleteDataProtectionPolicy", "DeleteLogGroup", "DeleteRetentionPolicy",
    "DisassociateKmsKey", "GetDataProtectionPolicy", "ListTagsForResource", "PutBearerTokenAuthentication",
    "PutDataProtectionPolicy", "PutLogGroupDeletionProtection", "PutRetentionPolicy", "TagResource", "UntagResource",
)  # fmt: skip
_VAULTS: Final = (
    "CreateBackupVault", "DeleteBackupVault", "DeleteBackupVaultAccessPolicy", "DeleteBackupVaultLockConfiguration",
    "DescribeBackupVault", "GetBackupVaultAccessPolicy", "GetBackupVaultNotifications", "ListTags",
    "PutBackupVaultAccessPolicy", "PutBackupVaultLockConfiguration", "TagResource", "UntagResource",
)  # fmt: skip
_PLANS: Final = (
    "CreateBackupSelection", "DeleteBackupPlan", "DeleteBackupSelection", "GetBackupPlan", "GetBackupSelection",
    "ListTags", "TagResource", "UntagResource", "UpdateBackupPlan",
)  # fmt: skip
_TESTS: Final = (
    "CreateRestoreTestingPlan", "CreateRestoreTestingSelection", "DeleteRestoreTestingPlan",
    "DeleteRestoreTestingSelection", "GetRestoreTestingPlan", "GetRestoreTestingSelection", "ListTags", "TagResource",
    "UntagResource", "UpdateRestoreTestingPlan", "UpdateRestoreTestingSelection",
)  # fmt: skip
_PODS: Final = (
    "DeletePodIdentityAssociation", "DescribePodIdentityAssociation", "TagResource", "UntagResource",
    "UpdatePodIdentityAssociation",
)  # fmt: skip


def governance_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements for trails, buckets, the table, log groups, analyzers and defaults."""
    prefix = reach.prefix
    glue = ("catalog", "database/hardened_eks_*", "table/hardened_eks_*/*")
    return [
        {
            "Action": named("cloudtrail", _TRAILS),
            "Resource": [_aws.arn("cloudtrail", f"trail/{name}") for name in ("hardened-eks*", f"{prefix}*")],
        },
        {
            "Action": named("s3", _BUCKETS),
            "Resource": f"arn:{_aws.partition()}:s3:::{prefix.lower()}*",
            "Condition": {"StringEqualsIfExists": {"aws:ResourceAccount": _aws.account()}},
        },
        {"Action": named("athena", _WORKGROUPS), "Resource": _aws.arn("athena", f"workgroup/{prefix}*")},
        {"Action": named("glue", _TABLES), "Resource": [_aws.arn("glue", name) for name in glue]},
        {"Action": named("logs", _GROUPS), "Resource": _aws.arn("logs", f"log-group:{prefix}*")},
        {"Action": named("access-analyzer", _ANALYZERS), "Resource": _aws.arn("access-analyzer", "analyzer/*")},
        *_exclusions(reach),
        {
            "Action": named("ssm", ("GetServiceSetting", "ResetServiceSetting", "UpdateServiceSetting")),
            "Resource": _aws.arn("ssm", "servicesetting/ssm/documents/console/public-sharing-permission"),
        },
        {"Sid": "Defaults", "Action": named("ec2", _DEFAULTS), "Resource": "*", "Condition": here()},
        {
            "Sid": "SavedQueries",
            "Action": named("logs", ("DeleteQueryDefinition", "DescribeQueryDefinitions", "PutQueryDefinition")),
            "Resource": "*",
            "Condition": here(),
        },
        {
            "Sid": "Seen",
            "Action": [
                "access-analyzer:ListAnalyzers", "cloudtrail:DescribeTrails", "logs:DescribeIndexPolicies",
                "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
            ],
            "Resource": "*",
            "Condition": here(),
        },
        {
            "Sid": "Organization",
            "Action": named("organizations", ("DescribeOrganization", "ListAWSServiceAccessForOrganization")),
            "Resource": "*",
        },
    ]  # fmt: skip


def _exclusions(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on exclusions of VPC Block Public Access, which have tags and an owner."""
    create = "ec2:CreateVpcBlockPublicAccessExclusion"
    own = _aws.arn("ec2", "vpc-block-public-access-exclusion/*")
    as_it_is_born = {"StringEquals": {"ec2:CreateAction": create.removeprefix("ec2:")}}
    return [
        {"Action": create, "Resource": own, "Condition": reach.born()},
        {"Action": create, "Resource": _aws.arn("ec2", "vpc/*")},
        {"Action": "ec2:CreateTags", "Resource": own, "Condition": both(reach.born(), as_it_is_born)},
        {"Action": "ec2:CreateTags", "Resource": own, "Condition": both(reach.owned(), reach.kept())},
        {"Action": named("ec2", _EXCLUSIONS), "Resource": own, "Condition": reach.owned()},
    ]


def recovery_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements for vaults, plans, tests, alarms and the role of Velero's pods."""
    prefix = reach.prefix
    plans = _aws.arn("backup", "backup-plan:*")
    vaults = _aws.arn("backup", f"backup-vault:{prefix}*")
    # The names of restore testing plans allow no hyphen.
    tests = sorted({f"restore-testing-plan:{prefix}*", f"restore-testing-plan:{prefix.replace('-', '')}*"})
    return [
        {"Action": named("backup", _VAULTS), "Resource": vaults},
        {"Sid": "Mount", "Action": "backup-storage:MountCapsule", "Resource": "*"},
        {"Action": "backup:CreateBackupPlan", "Resource": plans, "Condition": reach.born()},
        {"Action": named("backup", _PLANS), "Resource": plans, "Condition": both(reach.owned(), reach.kept())},
        {"Action": named("backup", _TESTS), "Resource": [_aws.arn("backup", name) for name in tests]},
        {
            "Action": "eks:CreatePodIdentityAssociation",
            "Resource": _aws.arn("eks", f"cluster/{reach.cluster_prefix}*"),
        },
        {
            "Action": named("eks", _PODS),
            "Resource": _aws.arn("eks", f"podidentityassociation/{reach.cluster_prefix}*"),
        },
        # CloudFormation creates the vault and the workgroup with the caller's permissions on their key.
        {
            "Action": named("kms", ("Decrypt", "GenerateDataKey")),
            "Resource": _aws.arn("kms", "key/*"),
            "Condition": both(reach.owned(), _aws.through("athena", "backup")),
        },
    ]
