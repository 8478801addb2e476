"""Missing resources: those that should exist, and those that the audit had no permission to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.controls.model import Problem
from hardened_eks.data import account_settings
from hardened_eks.evidence import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.evidence import Assembly


def incomplete(control: Control, assembly: Assembly) -> Iterator[tuple[Subject, Problem]]:
    """Yield the uncertainty of a control about resources of its types that the audit could not list."""
    missing = sorted(assembly.hidden & set(control.types))
    if missing:
        yield Subject.of_assembly(assembly), Problem(f"{_several(missing)} may be missing", unseen=True)


def _several(types: Sequence[str]) -> str:
    return f"resources of {', '.join(types[:3])}{f' and {len(types) - 3} more types' if len(types) > 3 else ''}"


def sure(found: list[Problem], assembly: Assembly) -> list[Problem]:
    """Return the findings of a control that read types or properties without read permission.

    Findings on existing properties count. A missing property, or a pass, is not certain.
    """
    hidden, unread = assembly.asked_hidden()
    if not hidden and not unread:
        return found
    kept = [problem for problem in found if problem.path or problem.unseen]
    why = f"{_several(hidden)} may be missing" if hidden else f"it cannot be read: {unread[0] if unread else ''}"
    return kept or [Problem(why, unseen=True)]


def absent(control: Control, assembly: Assembly) -> Iterator[Subject]:
    """Yield the assembly or Regions that should have a resource of the first type of the control, but have none."""
    needed = control.types[:1]
    if not control.absence or not (assembly.complete & {"*", *needed}):
        return
    if not assembly.regions and account_settings.ONLY_IN_ACCOUNTS.issuperset(needed):
        return  # no template can contain it
    there = assembly.of(*needed)
    if not assembly.regions and not there:
        yield Subject.of_assembly(assembly)
    once = account_settings.ACCOUNT_WIDE.issuperset(needed)
    for region in assembly.regions[: 1 if once else None]:
        if once and there:
            return
        if not any(resource.template.region in {"", region} for resource in there):
            yield Subject.of_assembly(assembly, region)
