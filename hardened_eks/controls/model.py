"""A control: one requirement, one id for ever, and the pure function that judges evidence.

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

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hardened_eks.controls.evidence import Assembly, Resource


class Severity(StrEnum):
    """How bad it is when the control fails, in the words of Security Hub."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical, up to 3 for low: for sorting, worst first."""
        return tuple(Severity).index(self)


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
    """The property, dotted, list items by index: ``Tags.0.Key``. Empty: the resource itself."""


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
    """CloudFormation types of the resources it judges. ``("*",)``: every resource."""
    severity: Severity
    why: str
    """What an attacker or an auditor makes of a failure."""
    fix: str
    """What to write instead."""
    source: str
    """Where the recommendation or the service's behaviour is documented: a URL."""
    blind: str
    """What a template cannot show, or this check does not see. Empty: nothing known."""
    requirements: tuple[str, ...]
    """Keys of the requirement catalogue that it answers (see `hardened_eks.controls.frameworks`)."""
    family: Family
    detective: str
    """Why no construct of ours enforces it. Empty: exactly one construct does."""
    check: Callable[[Resource, Assembly], Iterator[Problem]]

    def __call__(self, resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        """Yield what is wrong with `resource`."""
        return self.check(resource, assembly)

    def __repr__(self) -> str:
        return f"<Control {self.id} {self.name}>"

    @property
    def area(self) -> str:
        """The area's package, for example ``control_plane``."""
        return self.check.__module__.split(".")[2]


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
) -> Callable[[Callable[[Resource, Assembly], Iterator[Problem]]], Control]:
    """Make a check function a `Control`. The arguments are the fields of `Control`."""
    requirements = (requirement,) if isinstance(requirement, str) else tuple(requirement)

    def decorate(check: Callable[[Resource, Assembly], Iterator[Problem]]) -> Control:
        return Control(
            id=id,
            name=check.__name__,
            title=title,
            types=tuple(types),
            severity=severity,
            why=why,
            fix=fix,
            source=source,
            blind=blind,
            requirements=requirements,
            family=family,
            detective=detective,
            check=check,
        )

    return decorate
