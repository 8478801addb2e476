"""A waiver as data: what was accepted, on what, until when. Reading and judging it are elsewhere."""

from __future__ import annotations

import fnmatch
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence.subject import Kind, Subject

if TYPE_CHECKING:
    from datetime import date

METADATA_KEY: Final = "hardened-eks:waiver"
"""The metadata key of a waiver created in code, in the cloud assembly."""
WARNING_PERIOD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, eq=False)
class Waiver:
    """The acceptance of one control's findings on one scope, until a day."""

    control: str
    """The control's id or name, as written; its id once it is evaluated."""
    scope: str
    """Code: a construct path, which covers what is below it. File: a glob, see `by`."""
    reason: str
    """Why the risk is accepted, for the auditor."""
    until: date
    """The last day on which it counts."""
    approver: str = ""
    """The person who accepted it. Empty: not given."""
    by: str = "construct"
    """What `scope` is matched with: ``construct``, or a glob over a ``resource`` id, a construct ``path`` or the id of
    any ``subject``."""
    file: str = ""
    """Where it was written."""
    line: int | None = None
    own: bool = False
    """Whether it waives a team's own control, and is left alone where that control is not known."""

    def covers(self, subject: Subject) -> bool:
        """Return whether `subject` lies in this waiver's scope, regardless of the date."""
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
