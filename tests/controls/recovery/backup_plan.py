from hardened_eks.controls.recovery import backup_plan
from tests.controls.cases import ITSELF, Bad, Case, at, both, change, drop, hide, template

PLAN = "AWS::Backup::BackupPlan"
SELECTION = "AWS::Backup::BackupSelection"
RULE = "BackupPlan.BackupPlanRule.0"

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

CASE = Case(
    backup_plan,
    PLANS,
    bad={
        "no rule": Bad(drop(PLAN, "BackupPlan.BackupPlanRule"), "BackupPlan.BackupPlanRule"),
        **at(
            "BackupPlan.BackupPlanRule.0.ScheduleExpression",
            {
                "weekly": change(PLAN, f"{RULE}.ScheduleExpression", "cron(0 5 ? * SUN *)"),
                "monthly": change(PLAN, f"{RULE}.ScheduleExpression", "cron(0 5 1 * ? *)"),
                "every other day": change(PLAN, f"{RULE}.ScheduleExpression", "rate(2 days)"),
                "schedule hidden": hide(PLAN, f"{RULE}.ScheduleExpression"),
            },
        ),
        "a week": Bad(
            change(PLAN, f"{RULE}.Lifecycle.DeleteAfterDays", 7),
            "BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays",
        ),
        "retention hidden": Bad(
            hide(PLAN, f"{RULE}.Lifecycle.DeleteAfterDays"), "BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays"
        ),
        **at(
            ITSELF,
            {
                "no selection": drop(SELECTION, ""),
                "an empty selection": drop(SELECTION, "BackupSelection.ListOfTags"),
                "another plan's": change(SELECTION, "BackupPlanId", "other"),
            },
        ),
    },
    edge={
        "every 12 hours": change(PLAN, f"{RULE}.ScheduleExpression", "rate(12 hours)"),
        "AWS's schedule": drop(PLAN, f"{RULE}.ScheduleExpression"),
        "kept forever": drop(PLAN, f"{RULE}.Lifecycle"),
        "continuous": both(
            change(PLAN, f"{RULE}.EnableContinuousBackup", True), hide(PLAN, f"{RULE}.ScheduleExpression")
        ),
        "resources": both(
            drop(SELECTION, "BackupSelection.ListOfTags"), change(SELECTION, "BackupSelection.Resources", ["*"])
        ),
    },
)
