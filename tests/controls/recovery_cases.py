"""Cases of the recovery area."""

from hardened_eks.controls import recovery as c
from tests.controls.cases import Case, both, change, drop, hide, template

PLAN, SELECTION = "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"
VAULT, GAPPED = "AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"
RULE = "BackupPlan.BackupPlanRule.0"
KEPT = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
    "Resource": "*",
}

PLANS = template(
    {
        "Plan": (
            PLAN,
            {
                "BackupPlan": {
                    "BackupPlanName": "daily",
                    "BackupPlanRule": [
                        {
                            "RuleName": "daily",
                            "ScheduleExpression": "cron(0 5 * * ? *)",
                            "Lifecycle": {"DeleteAfterDays": 35},
                        }
                    ],
                }
            },
        ),
        "Selection": (
            SELECTION,
            {"BackupPlanId": {"Ref": "Plan"}, "BackupSelection": {"ListOfTags": [{"ConditionKey": "backup"}]}},
        ),
    }
)
VAULTS = template(
    {
        "Vault": (
            VAULT,
            {"EncryptionKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}, "LockConfiguration": {"MinRetentionDays": 35}},
        ),
        "Key": ("AWS::KMS::Key", {}),
        "Gapped": (GAPPED, {"MinRetentionDays": 35, "MaxRetentionDays": 365}),
    }
)

CASES = [
    Case(
        c.backup_plan,
        PLANS,
        {
            "no rule": drop(PLAN, "BackupPlan.BackupPlanRule"),
            "weekly": change(PLAN, f"{RULE}.ScheduleExpression", "cron(0 5 ? * SUN *)"),
            "monthly": change(PLAN, f"{RULE}.ScheduleExpression", "cron(0 5 1 * ? *)"),
            "every other day": change(PLAN, f"{RULE}.ScheduleExpression", "rate(2 days)"),
            "schedule hidden": hide(PLAN, f"{RULE}.ScheduleExpression"),
            "a week": change(PLAN, f"{RULE}.Lifecycle.DeleteAfterDays", 7),
            "retention hidden": hide(PLAN, f"{RULE}.Lifecycle.DeleteAfterDays"),
            "no selection": drop(SELECTION, ""),
            "an empty selection": drop(SELECTION, "BackupSelection.ListOfTags"),
            "another plan's": change(SELECTION, "BackupPlanId", "other"),
        },
        {
            "every 12 hours": change(PLAN, f"{RULE}.ScheduleExpression", "rate(12 hours)"),
            "AWS's schedule": drop(PLAN, f"{RULE}.ScheduleExpression"),
            "kept for ever": drop(PLAN, f"{RULE}.Lifecycle"),
            "continuous": both(
                change(PLAN, f"{RULE}.EnableContinuousBackup", True), hide(PLAN, f"{RULE}.ScheduleExpression")
            ),
            "resources": both(
                drop(SELECTION, "BackupSelection.ListOfTags"), change(SELECTION, "BackupSelection.Resources", ["*"])
            ),
        },
    ),
    Case(
        c.vault_encrypted,
        VAULTS,
        {
            "left out": drop(VAULT, "EncryptionKeyArn"),
            "empty": change(VAULT, "EncryptionKeyArn", ""),
            "of AWS": change(
                VAULT, "EncryptionKeyArn", {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:1:alias/aws/backup"}
            ),
        },
        {"in a parameter": hide(VAULT, "EncryptionKeyArn")},
    ),
    Case(
        c.recovery_points_protected,
        VAULTS,
        {
            "no lock": drop(VAULT, "LockConfiguration"),
            "a short lock": change(VAULT, "LockConfiguration.MinRetentionDays", 7),
            "hidden": hide(VAULT, "LockConfiguration.MinRetentionDays"),
            "a short gap": change(GAPPED, "MinRetentionDays", 7),
            "a deny for one": both(
                drop(VAULT, "LockConfiguration"),
                change(VAULT, "AccessPolicy", {"Statement": [{**KEPT, "Principal": {"AWS": "123456789012"}}]}),
            ),
            "policy hidden": both(drop(VAULT, "LockConfiguration"), hide(VAULT, "AccessPolicy")),
        },
        {
            "a deny instead": both(
                drop(VAULT, "LockConfiguration"), change(VAULT, "AccessPolicy", {"Statement": [KEPT]})
            ),
            "text": change(VAULT, "LockConfiguration.MinRetentionDays", "90"),
        },
    ),
]
