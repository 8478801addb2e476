"""A control: one requirement, one id forever, and the pure function that evaluates evidence.

@control(
    id="CP-01",
    title="The Kubernetes API endpoint is not reachable from the internet",
    requirement="eks.endpoint.private_only",
    types=("AWS::EKS::Cluster",),
    severity=Severity.HIGH,
    why="...", fix="...", source="https://...", blind="...",
)
def private_endpoint(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    if cluster.get("ResourcesVpcConfig.EndpointPublicAccess", True) is not False:
        yield Problem("the public endpoint is on", "ResourcesVpcConfig.EndpointPublicAccess")
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, get_args

from hardened_eks._records import dataclass
from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardened_eks.evidence import Assembly, Resource, Subject

Needs = Literal["resource", "stack", "assembly"]
"""How much a check must see: the resource alone, its template, or all templates."""
Evidence = Literal["any", "template"]
"""What a check can evaluate: templates and accounts, or templates alone."""
NEEDS: Final[tuple[Needs, ...]] = get_args(Needs)
EVIDENCE: Final[tuple[Evidence, ...]] = get_args(Evidence)
INDEXED: Final = ("id", "types", "severity", "family", "needs", "evidence", "absence")
"""What `hardened_eks.controls._index` knows of a control before its file is read, besides area and name."""

_OURS: Final = "hardened_eks.controls."
_FIRST: Final = frozenset({"area", "name", *INDEXED})


__all__ = ["Control", "Family", "Problem", "Severity", "control"]


class Family(StrEnum):
    """What kind of requirement a control is."""

    HARDENING = "hardening"
    """An auditor's requirement."""
    DEPLOYABLE = "deployable"
    """What AWS would refuse, or what would hurt at deploy time, and no schema says."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One way a resource fails a control."""

    message: str
    """What is wrong, with the value found: lower case, no full stop."""
    path: str = ""
    """The property, dotted, list items by index: ``Tags.0.Key``. Empty: the subject itself."""
    cause: str = field(default="", kw_only=True)
    """What several findings of a template come from: ``no launch template``. Reports for people print them as one."""
    severity: Severity | None = field(default=None, kw_only=True)
    """How bad this one is, where it is not what the control says: a possibility, not the thing itself. None: it is."""
    subject: Subject | None = None
    """What it is about, where that is not the resource that the check was given: an entry of the template, the whole
    assembly, another resource. A check may yield the same for every resource: it is reported once."""
    unseen: bool = False
    """Nothing is known to be wrong, but what decides it is not in the evidence: a launch template known by its id. The
    resource is then not examined by this control, and the verdict is not a pass."""
    parameters: tuple[str, ...] = field(default=(), kw_only=True)
    """The parameters of the template that decide what is not seen: give their values, and the control evaluates."""


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """One requirement as a check. The object is its identity; the `id` is for people and files."""

    id: str
    """Two letters for the area and a number, never reused: ``CP-01``."""
    name: str
    """The function's name, which is also its file's: ``private_endpoint``."""
    title: str
    """What is true of a resource that passes, in one line."""
    types: tuple[str, ...]
    """CloudFormation types of the resources it evaluates. ``("*",)``: every resource."""
    severity: Severity
    why: str
    """What an attacker or an auditor makes of a failure."""
    fix: str
    """What to write instead."""
    source: str
    """Where the recommendation or the service's behavior is documented: a URL."""
    blind: str
    """What a template cannot show, or this check does not see. Empty: nothing known."""
    requirements: tuple[str, ...]
    """Keys of the requirement catalog that it answers (see `hardened_eks.controls.frameworks`)."""
    family: Family
    detective: str
    """Why no construct of ours enforces it. Empty: `enforced_by` names the one that does."""
    enforced_by: str
    """Public name of the one construct that enforces it: ``Cluster``. Empty: `detective` explains why."""
    area: str
    """The package it belongs to, for example ``control_plane``; ``own`` for a control of somebody else's."""
    needs: Needs
    """How much the check must see: with less evidence its verdict can be wrong."""
    evidence: Evidence
    """``template`` where only a template can answer: what depends on what, what is kept, what changes."""
    absence: str
    """What is wrong when there is no resource of the first of `types`, in an assembly that is complete for that type.
    Empty: nothing."""
    unread: str
    """Why no value that a parameter leaves open changes its verdict. Empty: one may, and then it has not examined."""
    check: Callable[[Resource, Assembly], Iterator[Problem]]

    def __call__(self, resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        """Yield what is wrong with `resource`."""
        return self.check(resource, assembly)

    if not TYPE_CHECKING:  # a type checker would take every name for an attribute

        def __getattr__(self, name: str) -> object:
            """Read the file of a control of which the index alone is known so far (see `_areas`)."""
            if name not in self.__slots__ or name in _FIRST:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            importlib.import_module(f"{_OURS}{self.area}.{self.name}")
            return object.__getattribute__(self, name)

    @property
    def seen(self) -> str:
        """What it must see, in words."""
        words = {"resource": "the resource alone", "stack": "its template", "assembly": "all templates"}
        rest = "; no account shows it" if self.evidence == "template" else ""
        return f"{words[self.needs]}{rest or (', or the account' if self.needs == 'assembly' else '')}"

    def __repr__(self) -> str:
        return f"<Control {self.id} {self.name}>"


def control(
    *,
    id: str,
    title: str,
    types: Iterable[str],
    severity: Severity,
    why: str,
    fix: str,
    source: str,
    requirement: str | tuple[str, ...] = (),
    blind: str = "",
    family: Family = Family.HARDENING,
    detective: str = "",
    enforced_by: str = "",
    area: str = "",
    needs: Needs = "assembly",
    evidence: Evidence = "any",
    absence: str = "",
    unread: str = "",
) -> Callable[[Callable[[Resource, Assembly], Iterator[Problem]]], Control]:
    """Create a check function a `Control`. The arguments are the fields of `Control`.

    `area` is the area's package for a control of this library, ``own`` for any other.

    Raises:
        ConfigurationError: `types` is a lone string or not CloudFormation types, `severity`, `family`, `needs` or
            `evidence` is not one of the allowed values, a string is empty, the id has spaces, the function never yields
            or does not take a resource and an assembly, a requirement is unknown, or the id or name is that of a
            control of this library; all at once.
    """
    requirements = (requirement,) if isinstance(requirement, str) else tuple(requirement)

    judged = types if isinstance(types, str) or not isinstance(types, Iterable) else tuple(types)

    def decorate(check: Callable[[Resource, Assembly], Iterator[Problem]]) -> Control:
        ours = _is_ours(getattr(check, "__module__", ""))
        if not ours:  # tests/controls/test_model.py validates this library's
            from hardened_eks.controls import _mistakes

            problems = Problems(f"control {id}")
            problems.extend(
                _mistakes.of_parts(id, judged, severity, family, title=title, why=why, fix=fix, source=source)
            )
            problems.extend(_mistakes.of_evidence(needs, evidence, absence, judged))
            problems.extend(_mistakes.of_function(check))
            problems.extend(_mistakes.of_a_control_beside_ours(id, check, requirements))
            problems.raise_any()
        written = Control(
            id=id,
            name=check.__name__,
            title=title,
            types=tuple(judged),
            severity=severity,
            why=why,
            fix=fix,
            source=source,
            blind=blind,
            requirements=requirements,
            family=family,
            detective=detective,
            enforced_by=enforced_by,
            area=area or _area(check.__module__),
            needs=needs,
            evidence=evidence,
            absence=absence,
            unread=unread,
            check=check,
        )
        return _in_its_area(written) if ours else written

    return decorate


def _in_its_area(written: Control) -> Control:
    """Return the object that the area's package has for a control since the index was read, now complete.

    Raises:
        RuntimeError: the index says something else than the control's file.
    """
    package = sys.modules.get(f"{_OURS}{written.area}")
    known = vars(package).get(written.name) if package is not None else None
    if not isinstance(known, Control) or _is_read(known):
        return written
    if any(getattr(known, name) != getattr(written, name) for name in INDEXED):
        raise RuntimeError(f"the index is older than {written.id} {written.name}: run python -m tools.control_index")
    for name in Control.__slots__:
        object.__setattr__(known, name, getattr(written, name))
    return known


def _is_read(control: Control) -> bool:
    try:
        object.__getattribute__(control, "check")
    except AttributeError:
        return False
    return True


def _area(module: str) -> str:
    """Return the area of a control of this library by its module, ``own`` for any other."""
    return module.split(".")[2] if _is_ours(module) else "own"


def _is_ours(module: str) -> bool:
    return module.startswith(_OURS)
