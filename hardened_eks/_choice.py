"""The arguments of `Checks` and `assert_hardened`: controls, waivers, day. Every mistake is reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.controls.model import Control
from hardened_eks.errors import Problems
from hardened_eks.judging.evaluation import LEVELS
from hardened_eks.judging.own_controls import with_own
from hardened_eks.judging.scope import Scope
from hardened_eks.judging.selection import complete_types, select
from hardened_eks.judging.waivers import resolve
from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.waivers import read_waivers

if TYPE_CHECKING:
    from hardened_eks.evidence import Waiver


@dataclass(frozen=True, slots=True)
class Choice:
    """Checked arguments of `hardened_eks.Checks` and `hardened_eks.testing.assert_hardened`."""

    catalogue: tuple[Control, ...]
    """Every control that a waiver may name: those of this library, of installed packages and of the caller."""
    controls: tuple[Control, ...]
    """The controls to evaluate."""
    fail_on: str
    """A severity, or ``incomplete``."""
    waivers: tuple[Waiver, ...]
    """The waivers of waiver files."""
    complete: frozenset[str]
    """Types of which the templates have every resource, ``*`` for all."""
    scope: Scope
    """The resources that are evaluated."""
    today: date | None
    """None: the current day, when the templates are evaluated."""


def choose(
    subject: str,
    *,
    controls: Any,
    extra: Any,
    exclude: Any,
    fail_on: Any,
    waivers: Any,
    complete: Any,
    scope: Any,
    today: Any,
) -> Choice:
    """Check the arguments and return what they select.

    Args:
        subject: name of the caller, for the error.
        controls: IDs, names or control objects to evaluate. Empty: all.
        extra: the caller's own controls, evaluated in addition.
        exclude: IDs, names or control objects to leave out.
        fail_on: the lowest severity that fails, or ``incomplete``.
        waivers: waiver files. One value counts as a list of one, here and above.
        complete: CloudFormation types of which the templates have every resource, or ``all``.
        scope: ``eks`` or ``all``.
        today: a date, or None.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """
    problems = Problems(subject)
    for argument, given, kind in (
        ("controls", controls, "IDs or control objects"),
        ("exclude", exclude, "IDs or control objects"),
        ("waivers", waivers, "files"),
        ("complete", complete, "CloudFormation types"),
    ):
        problems.require(
            isinstance(given, Iterable | Path | Control) and not isinstance(given, bytes),
            f"{argument} needs {kind}, got {given!r}",
        )
    own = extra if isinstance(extra, str | bytes) or not isinstance(extra, Iterable) else tuple(extra)
    catalogue, mistakes = with_own(own)
    problems.extend(mistakes)
    only = _several(controls)
    also = [c for c in _several(own) if isinstance(c, Control)] if only else ()
    selected, unknown = select(catalogue, only=(*only, *also), exclude=_several(exclude))
    problems.extend(mistake for mistake in unknown if mistake not in mistakes)
    whole, mistakes = complete_types(_several(complete), selected)
    problems.extend(mistakes)
    problems.require(fail_on in LEVELS, f"fail_on needs one of {', '.join(LEVELS)}, got {fail_on!r}")
    scopes = [str(s) for s in Scope]
    problems.require(scope in scopes, f"scope needs one of {', '.join(scopes)}, got {scope!r}")
    day = _day(today, problems)
    catalogue = tuple(dict.fromkeys((*catalogue, *selected)))
    accepted: tuple[Waiver, ...] = ()
    try:
        accepted = read_waivers(_several(waivers))
        problems.extend(map(str, resolve(accepted, catalogue)[1]))
    except UnusableInputError as error:
        problems.extend(map(str, error.problems))
    problems.raise_any()
    return Choice(catalogue, selected, str(fail_on), accepted, whole, Scope(scope), day)


def _day(today: Any, problems: Problems) -> date | None:
    if isinstance(today, datetime):
        return (today if today.tzinfo is None else today.astimezone(UTC)).date()
    problems.require(today is None or isinstance(today, date), f"today needs a datetime.date, got {today!r}")
    return today if isinstance(today, date) else None


def _several(value: Any) -> tuple[Any, ...]:
    """Return one value as a tuple, so that `Checks(exclude="CP-01")` works as expected."""
    if isinstance(value, str | bytes | Path | Control):
        return (value,)
    return tuple(value) if isinstance(value, Iterable) else ()
