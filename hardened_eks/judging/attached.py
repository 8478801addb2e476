"""Settings that templates write as separate resources and accounts show in a resource: policies, attachments, rules."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown
from hardened_eks.judging.differences import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hardened_eks.evidence import Resource

_PRINCIPALS: Final = (("Roles", "RoleName"), ("Users", "UserName"), ("Groups", "GroupName"))
"""Properties in which policies name their principals: a list, or a single principal of an inline policy type."""
_RULES: Final[Mapping[str, str]] = {
    "AWS::EC2::SecurityGroupIngress": "SecurityGroupIngress",
    "AWS::EC2::SecurityGroupEgress": "SecurityGroupEgress",
}
_INLINE: Final = frozenset(
    {"AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"}
)


class Attached:
    """Separate settings, by the resource that they are attached to."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Collect the settings from the resources of templates, with values of the account inserted."""
        self._by_owner: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self._loose: dict[str, list[Any]] = defaultdict(list)
        """Settings that are attached to a resource that is known only at deployment."""
        for resource in resources:
            for owner, name, value in _parts(resource):
                if isinstance(owner, Unknown):
                    self._loose[name].append(value)
                elif isinstance(owner, str):
                    self._by_owner[owner, name].append(value)

    def added(self, resource: Resource, name: str, value: Any, live: Any) -> Any:
        """Return the value of a property with the attached settings of its resource, as far as `live` has them."""
        mine = self._by_owner.get((resource.physical_id, name), [])
        there = live if isinstance(live, list) else []
        mine = mine + [one for one in self._loose.get(name, ()) if any(not any(differences(one, t)) for t in there)]
        if not mine or isinstance(value, Unknown):
            return value
        return [*(value if isinstance(value, list) else [] if value is None else [value]), *mine]


def _parts(resource: Resource) -> Iterator[tuple[Any, str, Any]]:
    if not isinstance(resource.properties, dict):
        return
    if resource.type in _RULES:
        rule = {key: item for key, item in resource.properties.items() if key not in {"GroupId", "GroupName"}}
        yield resource.get("GroupId", resource.get("GroupName")), _RULES[resource.type], rule
        return
    if resource.type in _INLINE:
        policy = {name: resource.properties.get(name) for name in ("PolicyName", "PolicyDocument")}
        yield from ((owner, "Policies", policy) for owner in _owners(resource))
    elif resource.type == "AWS::IAM::ManagedPolicy":
        own = resource.physical_id or Unknown({"Ref": resource.logical_id}, resource.template)
        yield from ((owner, "ManagedPolicyArns", own) for owner in _owners(resource))


def _owners(resource: Resource) -> Iterator[Any]:
    for many, one in _PRINCIPALS:
        yield from resource.items(many)
        if one in resource.properties:
            yield resource.properties[one]
