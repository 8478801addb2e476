from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_LEAST_DAYS = 35


@control(
    id="RC-01",
    title="A backup plan runs daily, keeps backups for five weeks and selects resources",
    requirement="backup.plan",
    types=("AWS::Backup::BackupPlan",),
    absence="there is no backup plan",
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "A deletion, a failed upgrade or ransomware can destroy cluster state and volumes. Until then, nobody notices "
        "that a backup plan selects no resources."
    ),
    fix=(
        "Give each rule a daily schedule and DeleteAfterDays of 35 or more, and add an AWS::Backup::BackupSelection "
        "with resources or tags."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/backup-plan-min-frequency-and-min-retention-check.html",
    blind=(
        "Whether the cluster and its volumes have the tags of the selection. Plans of another stack or of the "
        "organization: an assembly without a plan is evaluated only if it is complete (--complete)."
    ),
    enforced_by="Backups",
)
def backup_plan(plan: Resource, assembly: Assembly) -> Iterator[Problem]:
    rules = plan.items("BackupPlan.BackupPlanRule")
    if not rules:
        yield Problem("it has no rule", "BackupPlan.BackupPlanRule")
    for index in range(len(rules)):
        path = f"BackupPlan.BackupPlanRule.{index}"
        schedule = plan.get(f"{path}.ScheduleExpression", "cron(0 5 ? * * *)")  # absent means daily at 5:00 UTC
        if plan.flag(f"{path}.EnableContinuousBackup", default=False) is not True and not _daily(schedule):
            yield Problem(f"it does not run every day ({schedule})", f"{path}.ScheduleExpression")
        days = plan.number(f"{path}.Lifecycle.DeleteAfterDays", _LEAST_DAYS)  # absent means forever
        if not isinstance(days, int) or days < _LEAST_DAYS:
            yield Problem(
                f"backups are kept for {days} days, less than {_LEAST_DAYS}", f"{path}.Lifecycle.DeleteAfterDays"
            )
    chosen = [
        value
        for selection in assembly.referring(plan, "AWS::Backup::BackupSelection")
        for name in ("Resources", "ListOfTags", "Conditions")
        if (value := selection.get(f"BackupSelection.{name}")) not in (None, [], {})
    ]
    if not chosen:
        yield Problem("no selection assigns resources to it")


def _daily(schedule: object) -> bool:
    if isinstance(schedule, Unknown) or not isinstance(schedule, str):
        return False
    kind, _, rest = schedule.strip().rstrip(")").partition("(")
    fields = rest.split()
    if kind == "rate" and len(fields) == 2 and fields[0].isdecimal():
        hours = {"minute": 0, "hour": 1, "day": 24}.get(fields[1].removesuffix("s"), 1000)
        return int(fields[0]) * hours <= 24
    return kind == "cron" and len(fields) >= 5 and all(fields[place] in {"*", "?", "*/1", "1/1"} for place in (2, 3, 4))
