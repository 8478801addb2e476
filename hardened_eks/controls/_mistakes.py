"""The mistakes in a control that is not this library's."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Final

from hardened_eks.controls.model import EVIDENCE, NEEDS, Family
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_WAIVERS: Final = "WV-"


def of_parts(id: str, types: object, severity: object, family: object, **texts: object) -> Iterator[str]:
    """Yield the mistakes in the fields of a control."""
    for name, text in {"id": id, **texts}.items():
        if not isinstance(text, str) or not text.strip():
            yield f"{name} needs a string that is not empty, got {text!r}"
    if isinstance(id, str) and id.strip() and _ID.fullmatch(id) is None:
        yield f"id needs letters, digits, '-', '_' and '.', such as ORG-01, got {id!r}"
    if not isinstance(types, tuple) or not all(isinstance(t, str) and (t == "*" or "::" in t) for t in types):
        yield f'types needs a list of CloudFormation types, such as ["AWS::EKS::Cluster"], got {types!r}'
    elif not types:
        yield "types needs at least one CloudFormation type: without one the control evaluates nothing"
    for name, value, kind in (("severity", severity, Severity), ("family", family, Family)):
        if not isinstance(value, kind):
            yield f"{name} needs one of {', '.join(f'{kind.__name__}.{k.name}' for k in kind)}, got {value!r}"


def of_evidence(needs: object, evidence: object, absence: object, types: object) -> Iterator[str]:
    """Yield the mistakes in the evidence fields of a control."""
    for name, value, allowed in (("needs", needs, NEEDS), ("evidence", evidence, EVIDENCE)):
        if value not in allowed:
            yield f"{name} needs one of {', '.join(map(repr, allowed))}, got {value!r}"
    if not isinstance(absence, str):
        yield f"absence needs a string that states what is missing, got {absence!r}"
    elif absence and "*" in (types if isinstance(types, list | tuple) else ()):
        yield 'absence needs a type that can be missing, got types=["*"]'


def of_function(check: Callable[..., object]) -> Iterator[str]:
    """Yield the mistakes in the function of a control."""
    if not inspect.isfunction(check):
        yield f"the check needs to be a function, got {check!r}"
    elif not inspect.isgeneratorfunction(inspect.unwrap(check)):
        yield "the check never yields: write `yield Problem(message, path)` for each problem it finds"


def of_a_control_beside_ours(id: str, check: Callable[..., object], requirements: tuple[str, ...]) -> Iterator[str]:
    """Yield the mistakes in a control that does not belong to this library."""
    from hardened_eks.controls import CATALOGUE  # complete when another package creates a control

    if inspect.isfunction(check):
        takes = inspect.signature(check)
        try:
            takes.bind(None, None)
        except TypeError:
            yield f"the check is called with a resource and an assembly, {check.__name__}{takes} takes something else"
    name = getattr(check, "__name__", "")
    if str(id).upper().startswith(_WAIVERS):
        yield f"ids that start with {_WAIVERS} are those of the controls of waivers, got {id}: choose another"
    for control in CATALOGUE:
        if str(id).upper() == control.id or name == control.name:
            yield f"{id} {name} is taken by {control.id} {control.name} of hardened-eks: choose another"
    if requirements:
        from hardened_eks.controls.frameworks import requirements as known

        unknown = [key for key in requirements if key not in known()]
        if unknown:
            yield f"requirement {', '.join(map(repr, unknown))} is unknown, docs/reference/coverage.md lists them"
