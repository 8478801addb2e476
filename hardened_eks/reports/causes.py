"""Findings with one cause, put together for people; machines get each of them (JSON, SARIF, JUnit, OSCAL)."""

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
"""How many subjects are named, where one cause has many."""
_LINES: Final = 10
"""How many messages are printed, where one cause has many."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is printed as one: a finding, or all findings of one cause in one template."""

    entries: tuple[Entry, ...]
    """One or more, of one state; the worst first."""

    @property
    def lead(self) -> Entry:
        """The worst one, whose place and severity stand for all."""
        return self.entries[0]

    @property
    def controls(self) -> tuple[Control, ...]:
        """The controls that found it, each once."""
        return tuple({entry.control.id: entry.control for entry in self.entries}.values())

    @property
    def ids(self) -> str:
        """The ids of the controls: ``ND-03 ND-04``."""
        return " ".join(sorted(control.id for control in self.controls))

    @property
    def title(self) -> str:
        """The control's title, or the cause where several controls found it."""
        return self.lead.control.title if len(self.controls) == 1 else self.lead.cause

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it is about, each once."""
        return tuple(sorted({entry.subject for entry in self.entries}))

    @property
    def about(self) -> str:
        """The subject, or the template and how many subjects in it."""
        count = len(self.subjects)
        return self.lead.subject if count == 1 else f"{self.lead.stack}: {count} resources"

    @property
    def place(self) -> str:
        """The property and line of the lead, and how many more places there are."""
        where = ", ".join(filter(None, (self.lead.property_path, self.lead.location)))
        more = len({(entry.subject, entry.property_path) for entry in self.entries}) - 1
        return f"{where} and {more} more" if where and more else where

    @property
    def messages(self) -> tuple[str, ...]:
        """What is wrong, each message once with the controls that say it; the first subjects by name if many."""
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
        """What to write instead, each text once."""
        return tuple(dict.fromkeys(control.fix for control in self.controls))


def by_cause(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Put together the findings of one state, template and cause, at the place of the first.

    Low findings without a cause are put together where one control says the same of several; others stay alone.
    """
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.state, entry.file, entry.stack, *_shared(entry)), []).append(entry)
    worst_first = (sorted(group, key=lambda e: e.severity.rank) for group in groups.values())
    return tuple(Group(tuple(group)) for group in worst_first)


def _shared(entry: Entry) -> tuple[object, ...]:
    """Return what an entry has in common with those that are printed with it."""
    if entry.cause:
        return (entry.cause,)
    alone = entry.severity is not Severity.LOW or entry.kind is not Kind.RESOURCE
    return (id(entry),) if alone else (entry.control.id, entry.message)
