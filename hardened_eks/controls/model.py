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
from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from hardened_eks._records import dataclass
from hardened_eks.controls._reading import FIRST, UNREAD, completed, read
from hardened_eks.errors import Problems
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from hardened_eks.evidence import Assembly, Resource, Subject
    from hardened_eks.evidence.left_open import Opening

Needs = Literal["resource", "stack", "assembly"]
"""The evidence that a check needs: only the resource, its template, or all templates."""
Evidence = Literal["any", "template"]
"""The evidence that a check can evaluate: templates and accounts, or only templates."""
NEEDS: Final[tuple[Needs, ...]] = get_args(Needs)
EVIDENCE: Final[tuple[Evidence, ...]] = get_args(Evidence)

_OURS: Final = "hardened_eks.controls."


__all__ = ["Control", "Family", "Problem", "Severity", "control"]


class Family(StrEnum):
    """The kind of requirement of a control."""

    HARDENING = "hardening"
    """A security requirement, as auditors ask for it."""
    DEPLOYABLE = "deployable"
    """A requirement for deployment: AWS would reject the resource, or the deployment would fail, without a schema
    error."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which a resource fails a control."""

    message: str
    """The problem with the value found, in lower case and without a period at the end."""
    path: str = ""
    """The dotted path of the property, with list items by index: ``Tags.0.Key``. Default: empty, the subject
    itself."""
    cause: str = field(default="", kw_only=True)
    """The common cause of several findings of a template, such as ``no launch template``. Reports for people print them
    as one. Default: none."""
    severity: Severity | None = field(default=None, kw_only=True)
    """The severity of this problem, if it differs from that of the control, for example for a mere possibility.
    Default: the same."""
    subject: Subject | None = None
    """The subject, if it is not the evaluated resource: an entry of the template, the whole assembly, or another
    resource. A check may yield it for every resource; it is reported once. Default: the evaluated resource."""
    unseen: bool = False
    """Whether the deciding values are not in the evidence, for example a launch template that is known only by its ID.
    The control has then not examined the resource, and the verdict is not a pass. Default: False."""
    openings: tuple[Opening, ...] = field(default=(), kw_only=True)
    """The values that are given or read only at deployment and determine the unseen values: with them, the control can
    evaluate the resource. Default: none."""


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """One requirement as a check. The object itself is its identity; the `id` is for people and files."""

    id: str
    """The ID: two letters for the area and a number, never reused, for example ``CP-01``."""
    name: str
    """The name of the function and of its file, for example ``private_endpoint``."""
    title: str
    """A one-line statement that is true for a resource that passes."""
    types: tuple[str, ...]
    """The CloudFormation types of the resources it evaluates. ``("*",)``: every resource."""
    severity: Severity
    """The severity of a failure."""
    why: str
    """Why it matters: what an attacker can do, or what an auditor will report."""
    fix: str
    """How to fix a finding."""
    source: str
    """The URL of the documentation for the recommendation or the behavior of the service."""
    blind: str
    """The limits of the check: values that a template cannot show or that it does not see. Empty: none known."""
    requirements: tuple[str, ...]
    """Keys of the requirements in the catalog that it covers (see `hardened_eks.controls.frameworks`)."""
    family: Family
    """The kind of requirement."""
    detective: str
    """The reason why no construct of this library enforces it. Empty: `enforced_by` names the construct."""
    enforced_by: str
    """The public name of the construct that enforces it, such as ``Cluster``. Empty: `detective` names the reason."""
    area: str
    """The package of the control, for example ``control_plane``; ``own`` for a control of the team."""
    needs: Needs
    """The evidence that the check needs; with less, its verdict can be wrong."""
    evidence: Evidence
    """``template`` if only a template contains the evidence, such as dependencies, retention policies and changes."""
    absence: str
    """The message if an assembly that is complete for the first of `types` has no resource of that type. Empty: no
    finding."""
    unread: str
    """The reason why open parameter values never change its verdict. Empty: they may, and the resource is then not
    examined."""
    check: Callable[[Resource, Assembly], Iterator[Problem]]
    """The function, which yields the problems of a resource."""

    def __call__(self, resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        """Yield the problems of `resource`."""
        return self.check(resource, assembly)

    if not TYPE_CHECKING:  # a type checker would accept every name as an attribute

        def __getattr__(self, name: str) -> object:
            """Import the file of a control for fields that the index does not have (see `_reading`)."""
            if name not in self.__slots__ or name in FIRST:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            read(self)
            return object.__getattribute__(self, name)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[[str, str, str], Control], tuple[str, str, str]]:
        """Pickle the place of the control, so that it is the same object in each process."""
        module = self.check.__module__
        place = (f"{_OURS}{self.area}" if _is_ours(module) else module, self.name, self.id)
        if _found(*place) is not self:
            from pickle import PicklingError

            why = f"is not a name of the module {place[0]}: define it there, so that another process can import it"
            raise PicklingError(f"the control {self.id} {self.name} {why}")
        return _unpickled, place

    @property
    def seen(self) -> str:
        """The evidence that the control needs, in words."""
        words = {"resource": "only the resource", "stack": "its template", "assembly": "all templates"}
        rest = " (an account is not enough)" if self.evidence == "template" else ""
        return f"{words[self.needs]}{rest or (', or the account' if self.needs == 'assembly' else '')}"

    def __repr__(self) -> str:
        return f"<Control {self.id} {self.name}>"


def _found(module: str, name: str, id: str) -> Control | None:
    """Return the control of a module: by its name, or as the constant that another name has."""
    home = importlib.import_module(module)
    every = (getattr(home, name, None), *vars(home).values())
    return next((one for one in every if isinstance(one, Control) and one.id == id), None)


def _unpickled(module: str, name: str, id: str) -> Control:
    found = _found(module, name, id)
    if found is None:
        from pickle import UnpicklingError

        raise UnpicklingError(f"the module {module} has no control {id} {name}")
    return found


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
    """Return a decorator that turns a check function into a `Control`, which gets the name of the function.

    Args:
        id: the ID of the control, such as ``ORG-01``: letters, digits, ``-``, ``_`` and ``.``.
        title: a one-line statement that is true for a resource that passes.
        types: the CloudFormation types of the resources that it evaluates; ``["*"]`` for every resource.
        severity: the severity of a failure.
        why: why it matters: what an attacker can do, or what an auditor will report.
        fix: how to fix a finding.
        source: the URL of the documentation for the recommendation or the behavior of the service.
        requirement: keys of the requirements that it covers, which docs/reference/coverage.md lists. Default: none.
        blind: the limits of the check: values that a template cannot show or that it does not see. Default: empty,
            none known.
        family: the kind of requirement. Default: Family.HARDENING.
        detective: the reason why no construct of this library enforces it. Default: empty.
        enforced_by: the public name of the construct that enforces it. Default: empty.
        area: the package of the control. Default: derived from the module for a control of this library, and ``own``
            for other controls.
        needs: the evidence that the check needs, ``resource``, ``stack`` or ``assembly``; with less, its verdict can be
            wrong. Default: ``assembly``.
        evidence: ``template`` if only a template contains the evidence, ``any`` if an account does as well. Default:
            ``any``.
        absence: the message if an assembly that is complete for the first of `types` has no resource of that type.
            Default: empty, no finding.
        unread: the reason why open parameter values never change its verdict. Default: empty, they may, and the
            resource is then not examined.

    Returns:
        A decorator for a generator function that takes a resource and an assembly and yields a `Problem` per fault.

    Raises:
        ConfigurationError: `types` is a single string or not a list of CloudFormation types, `severity`, `family`,
            `needs` or `evidence` is not one of the allowed values, a string is empty, the ID has spaces, the function
            never yields or does not take a resource and an assembly, a requirement is unknown, or the ID or name is
            that of a control of this library; all mistakes at once.
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
        written: dict[str, Any] = {
            "id": id,
            "name": check.__name__,
            "title": title,
            "types": tuple(judged),
            "severity": severity,
            "why": why,
            "fix": fix,
            "source": source,
            "blind": blind,
            "requirements": requirements,
            "family": family,
            "detective": detective,
            "enforced_by": enforced_by,
            "area": area or _area(check.__module__),
            "needs": needs,
            "evidence": evidence,
            "absence": absence,
            "unread": unread,
            "check": check,
        }
        known = UNREAD.get(f"{written['area']}.{check.__name__}") if ours else None
        return completed(known, written) if known is not None else Control(**written)

    return decorate


def _area(module: str) -> str:
    """Return the area of a control of this library from its module, and ``own`` for other controls."""
    return module.split(".")[2] if _is_ours(module) else "own"


def _is_ours(module: str) -> bool:
    return module.startswith(_OURS)
