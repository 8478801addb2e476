"""The custody of a trail's files: bucket, readers, denied principals and retention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from hardened_eks._patterns import regex
from hardened_eks._principals import arn_of
from hardened_eks._signed_code import BUCKET
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam

MODES: Final = ("governance", "compliance")
MOST_DAYS: Final = 36_500
"""Maximum of a retention: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"""
_ROLE: Final = regex(r"arn:aws[a-z-]*:iam::(\d{12}|\*):(role|user)/[\w+=,.@/*-]+")
_KEY: Final = regex(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:key/[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCustody:
    """The readers of a trail's files, the denied roles, and the retention.

    Raises:
        ConfigurationError: a principal is invalid or everybody, or the lock or the retention is invalid. The error
            lists all mistakes.
    """

    readers: Sequence[iam.IRole | str] = ()
    """Roles, or their ARNs, that may read and decrypt the files. Nobody else can decrypt them, not even administrators
    of the account, unless the key's policy is changed. Default: none; searches use the log group."""
    denied: Sequence[iam.IRole | str] = ()
    """Roles, or their ARNs, that are denied every action on the bucket, for example the administrators of the clusters,
    the break-glass role and the creator role. ARNs may contain ``*``. The role that deploys this stack must not be
    denied, or it could not change the bucket again. Default: none; files are locked in any case."""
    lock: Literal["governance", "compliance"] = "governance"
    """``governance``: only principals with ``s3:BypassGovernanceRetention`` can delete files before `lock_days`.
    ``compliance``: nobody can, not even the root user or AWS; the bucket stays, and costs, until the lock of the last
    file ends. Default: ``governance``."""
    lock_days: int = 365
    """Days for which a file is locked, 1 to 36500. Default: 365."""
    retention_days: int = 2557
    """Days after which a file is deleted, 1 to 36500, at least `lock_days`. Default: 2557, 7 years."""

    def __post_init__(self) -> None:
        """Check all of it."""
        problems = Problems("LogCustody")
        for name in ("readers", "denied"):
            problems.extend(role_problems(name, getattr(self, name)))
        problems.require(self.lock in MODES, f"lock needs one of {', '.join(map(repr, MODES))}, got {self.lock!r}")
        days = {"lock_days": self.lock_days, "retention_days": self.retention_days}
        for name, value in days.items():
            whole = isinstance(value, int) and not isinstance(value, bool)
            problems.require(
                whole and 1 <= value <= MOST_DAYS, f"{name} needs 1 to {MOST_DAYS} whole days, got {value!r}"
            )
        if not problems.found and self.retention_days < self.lock_days:
            problems.add(
                f"retention_days is {self.retention_days}, less than lock_days {self.lock_days}: a locked file cannot "
                f"be deleted; pass retention_days={self.lock_days} or more"
            )
        if not problems.found:
            shared = sorted(set(self.reader_arns) & set(self.denied_arns))
            problems.extend(f"{arn!r} is in readers and in denied: leave it out of one" for arn in shared)
        problems.raise_any()

    @property
    def reader_arns(self) -> list[str]:
        """ARNs of the readers."""
        return [str(arn_of(one)) for one in self.readers]

    @property
    def denied_arns(self) -> list[str]:
        """ARNs of the principals that are denied everything."""
        return [str(arn_of(one)) for one in self.denied]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveBucket:
    """A bucket of another account or stack for a trail's files, such as a `TrailBucket` in a log archive.

    This program cannot read its properties, so pass them. `hardened-eks check` on its own stack evaluates the bucket.

    Raises:
        ConfigurationError: a property is missing or malformed, or the bucket is not locked. The error lists all
            mistakes.
    """

    name: str
    """Name of the bucket."""
    region: str
    """Region of the bucket and its key."""
    key_arn: str
    """ARN of the key that encrypts the files. Its policy must admit the trail. `TrailBucket.key_arn` has it."""
    object_lock: bool
    """Whether the bucket locks its objects, which only its owner can switch on. Must be True."""

    def __post_init__(self) -> None:
        """Check all of it."""
        problems = Problems("ArchiveBucket")
        problems.extend(self._problems())
        problems.raise_any()

    def _problems(self) -> Iterator[str]:
        if not isinstance(self.name, str) or (is_literal(self.name) and not BUCKET.fullmatch(self.name)):
            yield f"name needs the name of a bucket, 3 to 63 lower-case letters, digits, '.' and '-', got {self.name!r}"
        if not is_text_token(self.region) and self.region not in tuple(PARTITIONS):
            yield f"region needs the bucket's Region, such as 'eu-west-1', got {self.region!r}"
        if not is_text_token(self.key_arn):
            match = _KEY.fullmatch(self.key_arn) if isinstance(self.key_arn, str) else None
            if match is None:
                yield f"key_arn needs arn:PARTITION:kms:REGION:ACCOUNT:key/ID, not an alias, got {self.key_arn!r}"
            elif is_literal(self.region) and match["region"] != self.region:
                yield (
                    f"key_arn is in {match['region']}, the bucket in {self.region!r}: CloudTrail needs the key in the "
                    "bucket's Region"
                )
        if self.object_lock is not True:
            yield (
                f"object_lock needs True, got {self.object_lock!r}: use a bucket that locks its objects, such as a "
                "TrailBucket; S3 can also lock an existing bucket (put-object-lock-configuration)"
            )


def role_problems(argument: str, given: Any) -> Iterator[str]:
    """Yield why a list of roles or their ARNs is invalid. Only ``denied`` accepts wildcards."""
    if isinstance(given, str) or not isinstance(given, list | tuple):
        yield f"{argument} needs a list of roles or their ARNs, got {given!r}"
        return
    for one in given:
        arn = arn_of(one)
        wild = argument == "denied"
        if is_text_token(arn) and not str(arn).endswith(":root") and (wild or not {"*", "?"} & set(str(arn))):
            continue
        if not isinstance(arn, str) or not _ROLE.fullmatch(arn) or (not wild and "*" in arn):
            form = "arn:PARTITION:iam::ACCOUNT:role/NAME" + (", which may have *" if wild else "")
            yield f"{argument} needs roles or their ARNs, {form}, got {one!r}"
        elif wild and re.fullmatch(r".*:(role|user)/\*+", arn):
            yield (
                f"denied has {arn!r}, which includes every role, also the one that deploys this stack: name roles, or "
                "their path"
            )
