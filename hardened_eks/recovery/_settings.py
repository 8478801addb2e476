"""Settings of backups: vault locks, copies and restore tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal, is_number_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_DAYS: Final = 35
"""The retention that RC-01 and RC-03 require."""
MOST_DAYS: Final = 36_500
LEAST_GRACE: Final = 3
"""Minimum days before a lock becomes final: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
TESTED: Final = ("EBS", "EFS", "S3")
"""Types of volumes that AWS Backup can test. It does not test EKS itself
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html)."""
_EVERY: Final = frozenset({"*", "?", "*/1", "1/1"})
_VAULT: Final = regex(r"arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultLock:
    """The lock of a vault, which prevents the deletion of recovery points.

    Without `changeable_for_days`, the lock is in governance mode: a principal with
    ``backup:DeleteBackupVaultLockConfiguration`` can remove it. With it, the lock becomes final after this number of
    days: nobody, neither AWS nor the root user, can then change it, delete a recovery point before its time, or delete
    a vault with recovery points.

    Raises:
        ConfigurationError: the days are out of range or contradict each other, or a final lock is not confirmed. The
            error lists all mistakes.
    """

    min_retention_days: int = LEAST_DAYS
    """Minimum retention of every recovery point in days, 1 to 36500; RC-03 requires 35 or more. Default: 35."""
    max_retention_days: int | None = None
    """Maximum retention of every recovery point in days, so that the vault cannot fill forever. Default: no limit."""
    changeable_for_days: int | None = None
    """Days until the lock becomes final, at least 3. Default: it never becomes final."""
    final_reason: str = ""
    """Reason for a final lock, in one sentence. Required with `changeable_for_days`, because a final lock cannot be
    undone. Default: none."""

    def __post_init__(self) -> None:
        """Check the days."""
        problems = Problems("VaultLock")
        problems.extend(day_problems("min_retention_days", self.min_retention_days))
        if self.max_retention_days is not None:
            problems.extend(day_problems("max_retention_days", self.max_retention_days))
            if not problems.found and self.max_retention_days < self.min_retention_days:
                problems.add(
                    f"max_retention_days is {self.max_retention_days}, less than min_retention_days "
                    f"{self.min_retention_days}: no backup would fit"
                )
        grace = self.changeable_for_days
        if grace is not None:
            problems.require(
                isinstance(grace, int) and not isinstance(grace, bool) and LEAST_GRACE <= grace <= MOST_DAYS,
                f"changeable_for_days needs {LEAST_GRACE} to {MOST_DAYS} whole days, got {grace!r}",
            )
            problems.require(
                isinstance(self.final_reason, str) and self.final_reason.strip(),
                f"changeable_for_days={grace!r} means a permanent lock: nobody can then shorten it or delete the "
                "vault. Explain the reason in final_reason, or leave changeable_for_days out",
            )
        elif self.final_reason:
            problems.add("final_reason is only for a final lock: set changeable_for_days, or leave it out")
        problems.raise_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCopy:
    """A second copy of each recovery point, in another Region or account.

    Raises:
        ConfigurationError: the ARN of the vault or the days are invalid. The error lists all mistakes.
    """

    vault_arn: str
    """ARN of the vault. Its policy must let this account copy into it (`BackupVault.copies_from`)."""
    retention_days: int | None = None
    """Retention of the copy, in days. Default: that of the original."""

    def __post_init__(self) -> None:
        """Check both."""
        problems = Problems("BackupCopy")
        arn = self.vault_arn
        problems.require(
            isinstance(arn, str) and (not is_literal(arn) or _VAULT.fullmatch(arn)),
            f"vault_arn needs arn:PARTITION:backup:REGION:ACCOUNT:backup-vault:NAME, got {arn!r}",
        )
        if self.retention_days is not None:
            problems.extend(day_problems("retention_days", self.retention_days))
        problems.raise_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTesting:
    """Regular restore tests of volumes. AWS Backup deletes the restored volumes.

    AWS Backup cannot test the restore of a cluster: do that by hand (docs/how-to/back-up-a-cluster.md).

    Raises:
        ConfigurationError: AWS Backup does not test a type, or another value is invalid. The error lists all mistakes.
    """

    role_reason: str
    """Reason for accepting the restore role, in one sentence. AWS's policy for it allows to create instances and
    clusters and to pass any role to them. Only AWS Backup can assume it."""
    types: Sequence[str] = ("EBS",)
    """Types of volumes: ``EBS``, ``EFS`` and ``S3``. Default: ``EBS``."""
    schedule: str = "cron(0 6 ? * SUN *)"
    """Start time in UTC, as a cron expression. Default: Sunday at 6:00."""
    newest_of_days: int = 7
    """Days, 1 to 365, of whose recovery points the newest is restored. Default: 7."""

    def __post_init__(self) -> None:
        """Check all of it."""
        problems = Problems("RestoreTesting")
        problems.require(
            isinstance(self.role_reason, str) and self.role_reason.strip(),
            f"role_reason needs a sentence for the auditor, such as 'restores are required, SEC-12', got "
            f"{self.role_reason!r}",
        )
        good = not isinstance(self.types, str) and isinstance(self.types, list | tuple) and self.types
        problems.require(good, f"types needs a list of {', '.join(TESTED)}, got {self.types!r}")
        for one in self.types if good else ():
            hint = ": restore a cluster by hand, AWS Backup does not test it" if one == "EKS" else ""
            problems.require(one in TESTED, f"types needs {', '.join(TESTED)}, got {one!r}{hint}")
        problems.extend(schedule_problems("schedule", self.schedule))
        days = self.newest_of_days
        problems.require(
            isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 365,
            f"newest_of_days needs 1 to 365 whole days, got {days!r}",
        )
        problems.raise_any()


def day_problems(argument: str, value: Any) -> Iterator[str]:
    """Yield that an argument is not a number of days."""
    if is_number_token(value):
        yield f"{argument} needs a number known during synthesis, to compare it with the lock, got a deploy-time value"
    elif not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        yield f"{argument} needs 1 to {MOST_DAYS} whole days, got {value!r}"


def schedule_problems(argument: str, value: Any) -> Iterator[str]:
    """Yield that an argument is not a schedule of AWS Backup: six fields, of which day or weekday is ``?``."""
    fields = _fields(value)
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        yield (
            f"{argument} needs cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR), with '?' as DAY or as WEEKDAY, such as "
            f"cron(0 3 * * ? *), got {value!r}"
        )


def daily_problems(argument: str, value: Any) -> Iterator[str]:
    """Yield that an argument is not a daily schedule. Each day without a backup would raise the alarm."""
    found = [*schedule_problems(argument, value)]
    yield from found
    if not found and any(field not in _EVERY for field in _fields(value)[2:]):
        yield (
            f"{argument} leaves days out, and each of them raises the alarm on missing backups: name only hours and "
            f"minutes, such as cron(0 3 * * ? *), got {value!r}"
        )


def _fields(value: Any) -> list[str]:
    cron = isinstance(value, str) and value.startswith("cron(") and value.endswith(")")
    return value[5:-1].split() if cron else []
