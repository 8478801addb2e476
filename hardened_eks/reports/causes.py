"""Groups of findings with one cause, for people; machine-readable formats list each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence import Kind
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry

_NAMED: Final = 5
"""The maximum number of subjects that are listed for one cause."""
_LINES: Final = 10
"""The maximum number of messages that are printed for one cause."""


@dataclass(frozen=True, slots=True)
class Group:
    """One printed entry: a finding, or all findings of one cause in one template."""

    entries: tuple[Entry, ...]
    """One or more entries with the same state, the most severe first."""

    @property
    def lead(self) -> Entry:
        """The most severe entry, whose place and severity represent the group."""
        return self.entries[0]

    @property
    def controls(self) -> tuple[Control, ...]:
        """The controls with these findings, without duplicates."""
        return tuple({entry.control.id: entry.control for entry in self.entries}.values())

    @property
    def ids(self) -> str:
        """The IDs of the controls, for example ``ND-03 ND-04``."""
        return " ".join(sorted(control.id for control in self.controls))

    @property
    def title(self) -> str:
        """The title of the control, or the cause if there are several controls."""
        return self.lead.control.title if len(self.controls) == 1 else self.lead.cause

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects, without duplicates."""
        return tuple(sorted({entry.subject for entry in self.entries}))

    @property
    def about(self) -> str:
        """The subject, or the template and the number of its subjects."""
        count = len(self.subjects)
        return self.lead.subject if count == 1 else f"{self.lead.stack}: {count} resources"

    @property
    def place(self) -> str:
        """The property and line of the lead, and the number of other places."""
        where = ", ".join(filter(None, (self.lead.property_path, self.lead.location)))
        more = len({(entry.subject, entry.property_path) for entry in self.entries}) - 1
        return f"{where} and {more} more" if where and more else where

    @property
    def messages(self) -> tuple[str, ...]:
        """Each message once, with its controls; for many subjects, only the first are named."""
        found: dict[str, set[str]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.control.id):
            found.setdefault(entry.message, set()).add(entry.control.id)
        several = len(self.controls) > 1
        lines = [f"{' '.join(sorted(ids))}: {message}" if several else message for message, ids in found.items()]
        if len(lines) > _LINES:
            lines[_LINES:] = [f"and {len(lines) - _LINES} more"]
        if len(self.subjects) > 1:
            more = len(self.subjects) - _NAMED
            lines.append(f"{', '.join(self.subjects[:_NAMED])}{f' and {more} more' if more > 0 else ''}")
        return tuple(lines)

    @property
    def fixes(self) -> tuple[str, ...]:
        """The fixes, without duplicates."""
        return tuple(dict.fromkeys(control.fix for control in self.controls))


def by_cause(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Group the findings with the same state, template and cause, at the place of the first.

    Low findings without a cause are grouped if one control has the same message for several; others are separate.
    """
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.state, entry.file, entry.stack, *_shared(entry)), []).append(entry)
    worst_first = (sorted(group, key=lambda e: e.severity.rank) for group in groups.values())
    return tuple(Group(tuple(group)) for group in worst_first)


def _shared(entry: Entry) -> tuple[object, ...]:
    """Return the key that an entry shares with those in its group."""
    if entry.cause:
        return (entry.cause,)
    alone = entry.severity is not Severity.LOW or entry.kind is not Kind.RESOURCE
    return (id(entry),) if alone else (entry.control.id, entry.message)
