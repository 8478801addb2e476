"""A waiver as data: the accepted control, scope and end date. Other modules read and evaluate it."""

from __future__ import annotations

import fnmatch
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence.subject import Kind, Subject

if TYPE_CHECKING:
    from datetime import date

METADATA_KEY: Final = "hardened-eks:waiver"
"""The metadata key in the cloud assembly of a waiver that was created in code."""
WARNING_PERIOD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, eq=False)
class Waiver:
    """The acceptance of findings of one control in one scope, until a date."""

    control: str
    """The ID or name of the control as written; after resolution, its ID."""
    scope: str
    """From code: a construct path, which includes everything below it. From a file: a glob, see `by`."""
    reason: str
    """The reason why the risk is accepted, for the auditor."""
    until: date
    """The last day on which the waiver is valid."""
    approver: str = ""
    """The person who accepted it. Empty: not given."""
    by: str = "construct"
    """The value that `scope` is matched with: ``construct``, or a glob for a ``resource`` ID, a construct ``path`` or
    the ID of any ``subject``."""
    file: str = ""
    """The file that contains the waiver."""
    line: int | None = None
    own: bool = False
    """Whether it waives a control of the team, and is ignored if that control is not known."""
    template: str = ""
    """The name of the template that contains it, beyond which it covers nothing. Empty: it comes from code or a file.
    """

    def covers(self, subject: Subject) -> bool:
        """Return whether `subject` is in the scope of this waiver, regardless of the date."""
        if self.template and not subject.is_in(self.template, self.file):
            return False
        if self.by == "construct":
            path = subject.construct_path
            return path == self.scope or path.startswith(f"{self.scope}/")
        if self.by == "path":
            steps = subject.construct_path.split("/")
            return any(fnmatch.fnmatchcase("/".join(steps[:n]), self.scope) for n in range(1, len(steps) + 1))
        if self.by == "subject":
            return fnmatch.fnmatchcase(subject.id, self.scope)
        named = fnmatch.fnmatchcase(subject.id, self.scope) or subject.name == self.scope
        return subject.kind is Kind.RESOURCE and named

    def expired(self, today: date) -> bool:
        """Return whether the last day has passed."""
        return self.until < today

    def expiring(self, today: date) -> bool:
        """Return whether the last day is near."""
        return today <= self.until <= today + WARNING_PERIOD

    @property
    def origin(self) -> str:
        """``file:line``, as far as known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def subject(self) -> Subject:
        """The waiver itself, for a finding about it."""
        name = f"{self.control} on {self.scope}"
        return Subject(Kind.WAIVER, name, construct_path=self.scope, file=self.file, _line=self.line)
