"""Select controls by ID, name, family and severity, with suggestions for misspelled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.controls.model import Control, Family, Severity
from hardened_eks.data import account_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def find(wanted: Control | str, catalogue: Sequence[Control]) -> Control | str:
    """Return the control with this ID or name, or a sentence that it is unknown, with similar names."""
    if isinstance(wanted, Control):
        return wanted
    if not isinstance(wanted, str):
        return f"a control needs to be an ID such as CP-01 or a control object, got {wanted!r}"
    text = wanted.strip()
    for control in catalogue:
        if text.upper() == control.id.upper() or text.lower() == control.name.lower():
            return control
    return f"unknown control {wanted!r}: {nearest(text, [n for c in catalogue for n in (c.id, c.name)])}"


def nearest(text: str, known: Sequence[str]) -> str:
    """Return "did you mean ..." with the nearest of `known`, or where to look them up."""
    area = text.upper()[:3]
    same = [name for name in known if "-" in area and name.startswith(area)]  # CP-1 more likely means CP-01 than DP-01
    near = _close(text.upper(), same) or _close(text, known)
    return f"did you mean {', '.join(near)}" if near else "`hardened-eks controls list` lists them all"


def _close(text: str, known: Sequence[str]) -> list[str]:
    """Return the three nearest; of equally near ones the first, unlike difflib, which returns the last."""
    import difflib  # on first use: most runs have no misspelled name

    near = difflib.get_close_matches(text, known, n=len(known) or 1, cutoff=0.5)
    return sorted(near, key=lambda name: (-difflib.SequenceMatcher(None, name, text).ratio(), name))[:3]


def clashes(controls: Iterable[Control]) -> list[str]:
    """Return a sentence for each control with the ID or name of another one."""
    controls = tuple(controls)
    names = [key for control in controls for key in (control.id.lower(), control.name.lower())]
    if len(set(names)) == len(names):
        return []
    mistakes: list[str] = []
    first: dict[str, Control] = {}
    for control in controls:
        taken = {first.setdefault(key, control) for key in (control.id.lower(), control.name.lower())} - {control}
        mistakes += [
            f"{_shown(control)} has the ID or name of {_shown(other)}: give each control its own" for other in taken
        ]
    return mistakes


def _shown(control: Control) -> str:
    return f"{control.id} {control.name} ({control.check.__module__})"


def select(
    catalogue: Sequence[Control],
    *,
    only: Iterable[Control | str] = (),
    exclude: Iterable[Control | str] = (),
    families: Iterable[Family] = (),
    severity: Severity = Severity.LOW,
) -> tuple[tuple[Control, ...], list[str]]:
    """Return the selected controls in catalog order, and a sentence for each unknown one.

    Args:
        catalogue: the controls to select from. Two controls with the same ID or name are a mistake.
        only: IDs, names or objects. Default: all. An object that is not in the catalog (a control of the team) is
            added.
        exclude: IDs, names or objects to exclude.
        families: the families to keep. Default: all.
        severity: the lowest severity to keep. Default: all.
    """
    mistakes: list[str] = []

    def known(wanted: Iterable[Control | str]) -> list[Control]:
        found = [find(one, catalogue) for one in wanted]
        mistakes.extend(one for one in found if isinstance(one, str))
        return [one for one in found if isinstance(one, Control)]

    chosen, dropped, kept = known(only), known(exclude), frozenset(families)
    pool = tuple(dict.fromkeys((*catalogue, *chosen)))
    mistakes += clashes(pool)
    selected = tuple(
        control
        for control in pool
        if (not chosen or control in chosen)
        and control not in dropped
        and (not kept or control.family in kept)
        and control.severity.rank <= severity.rank
    )
    if not selected and not mistakes:
        mistakes.append("no control is left after --control, --exclude, --family and --severity")
    return selected, mistakes


def complete_types(wanted: Iterable[str], controls: Iterable[Control]) -> tuple[frozenset[str], list[str]]:
    """Return the types that the user declares complete (``*`` for ``all``), and the mistakes in them.

    Args:
        wanted: CloudFormation types, or ``all``.
        controls: the evaluated controls. A type that no control requires is a mistake.
    """
    given = tuple(wanted)
    asked = sorted({control.types[0] for control in controls if control.absence} - account_settings.ONLY_IN_ACCOUNTS)
    mistakes = [
        f"no control requires a resource of type {type_!r}: {_near_type(str(type_), asked)}"
        for type_ in given
        if type_ != "all" and type_ not in asked
    ]
    return frozenset("*" if type_ == "all" else str(type_) for type_ in given), mistakes


def _near_type(text: str, known: Sequence[str]) -> str:
    near = _close(text, known)
    return f"did you mean {', '.join(near)}" if near else f"use all or one of {', '.join(known) or 'none'}"
