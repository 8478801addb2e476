"""Differences between an account and the templates of its stacks, by property."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hardened_eks.data.comparable import DEFAULTS, PARENT, READ, SAME_BY, SECRET, SKIPPED
from hardened_eks.evidence import Unknown
from hardened_eks.judging.attached import Attached
from hardened_eks.judging.deployed import deployed
from hardened_eks.judging.differences import NOTHING, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.judging.differences import Difference

GONE: Final = ""
"""The path for a resource that is in the template but not in the account."""
_HIDDEN: Final = "(not shown)"


class Drift(NamedTuple):
    """One property of a resource that differs from its template."""

    resource: Resource
    """The resource in the template."""
    arn: str
    """The ARN in the account; empty if the resource no longer exists, or its type has none."""
    path: str
    """The dotted path, or `GONE` for the resource itself."""
    written: Any
    """The value in the template, with values of the account inserted; None if it is missing."""
    live: Any
    """The value in the account; None if it is missing."""


def drift(written: Assembly, live: Assembly, *, gone: bool = True) -> list[Drift]:
    """Return the differences, in the order of the templates.

    The comparison covers properties that the templates contain and an audit reads, in stacks that the account has. It
    also covers additions where a missing property in the template means that there must be none. Values that were not
    seen, or are known only at deployment, never differ. Nested stacks are not compared.

    Args:
        written: the templates.
        live: one Region of one account.
        gone: whether to report missing resources. False if the audit could not read the resources of the stacks.
    """
    filled = deployed(written, live)
    stacks = {template.name: template.resources for template in live.templates}
    here = [one for template in filled.templates if template.name in stacks for one in template.resources.values()]
    pairs = [(one, _same_place(one, stacks[one.template.name].get(one.logical_id))) for one in here]
    taken = {other for _, other in pairs if other is not None}
    rest: dict[str, list[Resource]] = defaultdict(list)
    for one in live.of(*SAME_BY):
        if one not in taken:
            rest[one.type].append(one)
    attached = Attached(here)
    found: list[Drift] = []
    for resource, placed in pairs:
        other = placed or _same_named(resource, rest[resource.type])
        if other is not None:
            found += _of(resource, other, attached)
        elif gone and _is_gone(resource, live):
            found.append(Drift(resource, "", GONE, resource.type, NOTHING))
    return found


def _same_place(resource: Resource, other: Resource | None) -> Resource | None:
    return other if other is not None and other.type == resource.type else None


def _same_named(resource: Resource, rest: Sequence[Resource]) -> Resource | None:
    """Return the resource with the same identifying properties."""
    keys = SAME_BY.get(resource.type)
    if keys is None or any(isinstance(resource.get(key), Unknown) for key in keys):
        return None
    same = [one for one in rest if not any(any(differences(resource.get(key), one.get(key))) for key in keys)]
    return same[0] if len(same) == 1 else None


def _is_gone(resource: Resource, live: Assembly) -> bool:
    """Return whether an audit that reads the parent of a resource, or all resources of its type, would show it."""
    if resource.type in live.hidden:
        return False
    if resource.type in live.complete:
        return True
    parent = resource.get(PARENT[resource.type]) if resource.type in PARENT else None
    return isinstance(parent, str) and bool(parent) and live.target(parent) is not None


def _of(resource: Resource, live: Resource, attached: Attached) -> Iterator[Drift]:
    type_ = resource.type
    skipped, defaults = SKIPPED.get(type_, frozenset()), DEFAULTS.get(type_, {})
    written, shown = (one.properties if isinstance(one.properties, dict) else {} for one in (resource, live))
    for name in dict.fromkeys((*written, *defaults)):
        value, there = written.get(name, defaults.get(name)), shown.get(name)
        there = NOTHING if there == "" else there
        if there is None and name not in READ.get(type_, ()):
            continue
        value = attached.added(resource, name, value, there)
        for one in differences(value, there, name):
            if one.path not in skipped and not _is_of_aws(one):
                yield Drift(resource, live.arn, *_shown(one))


def _is_of_aws(one: Difference) -> bool:
    """Return whether a difference is a tag that AWS sets."""
    return one.written is NOTHING and one.path == "Tags"


def _shown(one: Difference) -> tuple[str, Any, Any]:
    written, live = _without_secrets(one.written), _without_secrets(one.live)
    if SECRET.intersection(one.path.split(".")):
        written, live = (side if side is NOTHING else _HIDDEN for side in (written, live))
    return one.path, written, live


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Unknown):
        return str(value)
    if isinstance(value, dict):
        return {key: _HIDDEN if key in SECRET else _without_secrets(item) for key, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
