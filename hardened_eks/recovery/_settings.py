"""Locks, copies and tests of backups, as values that travel together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._tokens import is_literal, is_number_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_DAYS: Final = 35
"""The retention that RC-01 and RC-03 require."""
MOST_DAYS: Final = 36_500
LEAST_GRACE: Final = 3
"""Of a lock that becomes final: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"""
TESTED: Final = ("EBS", "EFS", "S3")
"""Of the types that volumes of a cluster have; EKS itself has no restore testing
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html)."""
_EVERY: Final = frozenset({"*", "?", "*/1", "1/1"})
_VAULT: Final = re.compile(r"arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultLock:
    """The time during which nobody can delete a recovery point.

    Without `changeable_for_days` the lock is in governance mode: who has ``backup:DeleteBackupVaultLockConfiguration``
    can take it off. With it, the lock becomes final after so many days: nobody, neither AWS nor the root user, can then
    change it, delete a recovery point before its time, or delete the vault while it has one.

    Raises:
        ConfigurationError: the days are not possible together, or a final lock is not confirmed.
    """

    min_days: int = LEAST_DAYS
    """Every recovery point is kept for so many days at least, 1 to 36500; 35 or more for RC-03."""
    max_days: int | None = None
    """And for so many at most, so that nobody fills the vault forever. Default: no limit."""
    changeable_for_days: int | None = None
    """Days until the lock is final, at least 3. Default: it never is."""
    final_because: str = ""
    """Why it has to be final, in one sentence; asked for with `changeable_for_days`, as nothing undoes it."""

    def __post_init__(self) -> None:
        """Check the days."""
        problems = Problems("VaultLock")
        problems.extend(day_problems("min_days", self.min_days))
        if self.max_days is not None:
            problems.extend(day_problems("max_days", self.max_days))
            if not problems.found and self.max_days < self.min_days:
                problems.add(f"max_days is {self.max_days}, less than min_days {self.min_days}: no backup would fit")
        grace = self.changeable_for_days
        if grace is not None:
            problems.require(
                isinstance(grace, int) and not isinstance(grace, bool) and LEAST_GRACE <= grace <= MOST_DAYS,
                f"changeable_for_days needs {LEAST_GRACE} to {MOST_DAYS} whole days, got {grace!r}",
            )
            problems.require(
                isinstance(self.final_because, str) and self.final_because.strip(),
                f"changeable_for_days={grace!r} makes the lock permanent: nobody can then shorten it or delete the "
                "vault. Explain why that is wanted as final_because, or leave changeable_for_days out",
            )
        elif self.final_because:
            problems.add("final_because is for a lock that becomes final: set changeable_for_days, or leave it out")
        problems.raise_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCopy:
    """A second copy of each recovery point, in another Region or account.

    Raises:
        ConfigurationError: the vault or the days are not possible.
    """

    vault_arn: str
    """The vault; its policy must let this account copy into it (`BackupVault.copies_from`)."""
    keep_days: int | None = None
    """The retention of the copy, in days. Default: as long as the original."""

    def __post_init__(self) -> None:
        """Check both."""
        problems = Problems("BackupCopy")
        arn = self.vault_arn
        problems.require(
            isinstance(arn, str) and (not is_literal(arn) or _VAULT.fullmatch(arn)),
            f"vault_arn needs arn:PARTITION:backup:REGION:ACCOUNT:backup-vault:NAME, got {arn!r}",
        )
        if self.keep_days is not None:
            problems.extend(day_problems("keep_days", self.keep_days))
        problems.raise_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTesting:
    """Restores a volume again and again, to see that it can be done; what was restored is deleted.

    The cluster itself has no such test at AWS: do it by hand (docs/how-to/back-up-a-cluster.md).

    Raises:
        ConfigurationError: AWS Backup does not test a type, or a value is not possible.
    """

    role_because: str
    """Why the restore role is accepted, in one sentence: AWS's policy for it may create instances and clusters and pass
    any role to them. AWS Backup alone can take it."""
    types: Sequence[str] = ("EBS",)
    """``EBS``, ``EFS`` or ``S3``."""
    schedule: str = "cron(0 6 ? * SUN *)"
    """The start time in UTC. Default: Sunday at 6:00."""
    newest_of_days: int = 7
    """The newest recovery point of so many days is restored, 1 to 365."""

    def __post_init__(self) -> None:
        """Check all of it."""
        problems = Problems("RestoreTesting")
        problems.require(
            isinstance(self.role_because, str) and self.role_because.strip(),
            f"role_because needs a sentence that an auditor will accept, got {self.role_because!r}",
        )
        good = not isinstance(self.types, str) and isinstance(self.types, list | tuple) and self.types
        problems.require(good, f"types needs a list of {', '.join(TESTED)}, got {self.types!r}")
        for one in self.types if good else ():
            hint = ": restore a cluster by hand, AWS Backup does not test it" if one == "EKS" else ""
            problems.require(one in TESTED, f"types has {one!r}, not one of {', '.join(TESTED)}{hint}")
        problems.extend(schedule_problems("schedule", self.schedule))
        days = self.newest_of_days
        problems.require(
            isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 365,
            f"newest_of_days needs 1 to 365 whole days, got {days!r}",
        )
        problems.raise_any()


def day_problems(argument: str, value: Any) -> Iterator[str]:
    """Say that an argument is not a number of days."""
    if is_number_token(value):
        yield f"{argument} needs a number known now, which is compared with the lock"
    elif not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        yield f"{argument} needs 1 to {MOST_DAYS} whole days, got {value!r}"


def schedule_problems(argument: str, value: Any) -> Iterator[str]:
    """Say that an argument is not a schedule of AWS Backup: six fields, of which day or weekday is ``?``."""
    fields = _fields(value)
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        yield (
            f"{argument} needs cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR), with '?' as DAY or as WEEKDAY, such as "
            f"cron(0 3 * * ? *), got {value!r}"
        )


def daily_problems(argument: str, value: Any) -> Iterator[str]:
    """Yield why an argument is not a daily schedule: the alarm on missing backups goes off on each day left out."""
    found = [*schedule_problems(argument, value)]
    yield from found
    if not found and any(field not in _EVERY for field in _fields(value)[2:]):
        yield (
            f"{argument} leaves days out, and each of them raises the alarm on missing backups: name hours and minutes "
            f"alone, such as cron(0 3 * * ? *), got {value!r}"
        )


def _fields(value: Any) -> list[str]:
    cron = isinstance(value, str) and value.startswith("cron(") and value.endswith(")")
    return value[5:-1].split() if cron else []
