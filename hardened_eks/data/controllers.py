"""Controllers that run in a cluster and call AWS, with sources in ``controllers.json``.

Each statement has its actions, its resources, the reason for wildcards, and the difference from the published policy.
`Controller.statements` inserts values for ``{cluster}``, ``{region}`` and similar names.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A Helm chart and its version."""

    repository: str
    """The public repository of its project."""
    name: str
    """The name of the chart."""
    version: str
    """The version that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of a controller's policy."""

    policy: str
    """The managed policy that contains it, because one is limited to 6,144 characters."""
    part: str | None
    """The optional part that needs it; None: the controller cannot work without it."""
    actions: tuple[str, ...]
    """The IAM actions."""
    resources: tuple[str, ...]
    """ARNs with names in braces; only ``{zones}`` can have several values."""
    conditions: Mapping[str, Any] | None
    """IAM conditions with names in braces."""
    why: str
    """The reason why it covers more than one resource."""
    differs: str | None
    """The restriction compared with the source; None: no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """Facts about one controller."""

    name: str
    """The name in this library, for example ``load-balancer-controller``."""
    what: str
    """The official name."""
    source: str
    """The source of its policy."""
    profile: str | None
    """The profile in `hardened_eks.baseline.addons.PROFILES`; None: it runs in a namespace of a team."""
    addon: str | None
    """The EKS add-on that installs it; None: it is not an add-on."""
    chart: Chart | None
    """The Helm chart that installs it; None: it is not installed by a chart."""
    endpoints: tuple[str, ...]
    """The VPC endpoints that it needs in an isolated network."""
    part_endpoints: Mapping[str, tuple[str, ...]]
    """Part -> the additional VPC endpoints that it needs."""
    unreachable: str | None
    """The AWS service that it calls and that has no VPC endpoint."""
    rules: tuple[Statement, ...]
    """The statements of its policies."""

    def statements(
        self, parts: Sequence[str], values: Mapping[str, str | Sequence[str]]
    ) -> Iterator[tuple[Statement, dict[str, Any]]]:
        """Yield each statement that applies, as data and as IAM JSON.

        Args:
            parts: the requested optional parts.
            values: name in braces -> its value, or several values for example for ``{zones}``.
        """
        plain = {name: value for name, value in values.items() if isinstance(value, str)}
        for rule in self.rules:
            if rule.part is not None and rule.part not in parts:
                continue
            resources = [one for resource in rule.resources for one in _filled(resource, values, plain)]
            written: dict[str, Any] = {"Action": list(rule.actions), "Resource": resources}
            if rule.conditions is not None:
                written["Condition"] = _formatted(rule.conditions, plain)
            yield rule, written

    def needs(self, parts: Sequence[str]) -> tuple[str, ...]:
        """Return the VPC endpoints that the controller needs with these parts."""
        return (*self.endpoints, *(one for part in parts for one in self.part_endpoints.get(part, ())))


def _filled(resource: str, values: Mapping[str, str | Sequence[str]], plain: Mapping[str, str]) -> list[str]:
    several = values.get(resource[1:-1])
    if several is not None and not isinstance(several, str):
        return list(several)
    return [resource.format_map(plain)]


def _formatted(value: Any, plain: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key.format_map(plain): _formatted(item, plain) for key, item in value.items()}
    if isinstance(value, list):
        return [_formatted(item, plain) for item in value]
    return value.format_map(plain)


def _statement(entry: Mapping[str, Any]) -> Statement:
    return Statement(
        policy=entry["policy"],
        part=entry.get("part"),
        actions=tuple(entry["actions"]),
        resources=tuple(entry["resources"]),
        conditions=entry.get("conditions"),
        why=entry["why"],
        differs=entry.get("differs"),
    )


def _controller(name: str, entry: Mapping[str, Any]) -> Controller:
    return Controller(
        name=name,
        what=entry["what"],
        source=entry["source"],
        profile=entry.get("profile"),
        addon=entry.get("addon"),
        chart=Chart(**entry["chart"]) if "chart" in entry else None,
        endpoints=tuple(entry["endpoints"]),
        part_endpoints={part: tuple(more["endpoints"]) for part, more in entry.get("parts", {}).items()},
        unreachable=entry.get("unreachable"),
        rules=tuple(_statement(one) for one in entry["statements"]),
    )


_DOCUMENT: Mapping[str, Any] = _files.document("controllers.json")

CONTROLLERS: Mapping[str, Controller] = {
    name: _controller(name, entry) for name, entry in _DOCUMENT["controllers"].items()
}
"""Every controller, by name."""

READ = date.fromisoformat(_DOCUMENT["read"])
"""The date on which policies and charts were read."""
