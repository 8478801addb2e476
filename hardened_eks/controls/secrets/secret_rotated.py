from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.worst import at_worst

_SCHEDULE: Final = "AWS::SecretsManager::RotationSchedule"
_MOST_DAYS: Final = 90
_RATE: Final = regex(r"rate\((\d+) (hour|day)s?\)")


@control(
    id="SE-01",
    title="Secrets rotate automatically, at least every 90 days",
    requirement="secrets.rotation",
    types=("AWS::SecretsManager::Secret",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="People who have left the company still know a password that never changes.",
    fix="Add an AWS::SecretsManager::RotationSchedule (secret.add_rotation_schedule) of 90 days or less.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html#secretsmanager-1",
    blind=(
        "Whether the rotation succeeds. Secrets that cannot be rotated, such as a vendor's token, need a waiver. A "
        "cron schedule counts as frequent enough."
    ),
    detective="No construct creates secrets; they are part of the team's own stacks.",
)
def secret_rotated(secret: Resource, assembly: Assembly) -> Iterator[Problem]:
    schedules = [
        schedule
        for schedule in assembly.referring(secret, _SCHEDULE)
        if assembly.target(schedule.get("SecretId"), secret.type, near=schedule) is secret
    ]
    attachments = assembly.referring(secret, "AWS::SecretsManager::SecretTargetAttachment")
    schedules += [s for a in attachments for s in assembly.referring(a, _SCHEDULE)]
    if not schedules:
        yield Problem("it is never rotated")
    for schedule in schedules:
        if not _in_time(schedule):
            message = f"{schedule.logical_id} does not rotate it within {_MOST_DAYS} days"
            days = schedule.get(
                "RotationRules.AutomaticallyAfterDays", schedule.get("RotationRules.ScheduleExpression")
            )
            yield Problem(at_worst(message, f"the schedule {schedule.logical_id}", days))


def _in_time(schedule: Resource) -> bool:
    days = schedule.number("RotationRules.AutomaticallyAfterDays")
    if days is not None:
        return isinstance(days, int) and 0 < days <= _MOST_DAYS
    expression = schedule.get("RotationRules.ScheduleExpression", "")
    if isinstance(expression, Unknown) or not isinstance(expression, str):
        return False
    match = _RATE.fullmatch(expression.strip())
    if match is not None:
        return int(match[1]) * (1 if match[2] == "hour" else 24) <= _MOST_DAYS * 24
    return expression.startswith("cron(")
