"""Shared parts of reports on accounts: the place of an entry, and an ID that is the same in every run."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final, NamedTuple

from hardened_eks._patterns import regex

if TYPE_CHECKING:
    from datetime import date

    from hardened_eks.reports.model import Entry

_URI: Final = regex(r"aws://(\d{12})/([a-z0-9-]+)")


class Place(NamedTuple):
    """A Region of an account."""

    account: str
    region: str

    @property
    def partition(self) -> str:
        """Return the partition of the Region."""
        kinds = {"cn": "aws-cn", "us-gov": "aws-us-gov", "eusc": "aws-eusc"}
        return next((name for start, name in kinds.items() if self.region.startswith(f"{start}-")), "aws")


def place(entry: Entry) -> Place | None:
    """Return the place of a finding; None for a finding on a template or a waiver."""
    found = _URI.fullmatch(entry.file)
    return Place(found[1], found[2]) if found else None


def stable_id(entry: Entry) -> str:
    """Return an ID of a finding that is the same in every run for the same control, resource, property and message."""
    told = "\0".join((entry.control.id, entry.file, entry.arn or entry.subject, entry.property_path, entry.message))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def moment(day: date) -> datetime:
    """Return midnight UTC of the date of a report, so that the same report has the same times."""
    return datetime.combine(day, time(0), UTC)
