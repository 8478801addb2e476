"""Resources that AWS treats as the same, so that it rejects the second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

_CLUSTER: Final = "AWS::EKS::Cluster"
_OWNERS: Final = {"ClusterName": _CLUSTER, "PrincipalArn": "AWS::IAM::Role"}
"""Properties that name a resource, which the stacks of an app can write in different ways."""


def first_of_the_same(resource: Resource, assembly: Assembly, *names: str, certain: bool = False) -> Resource:
    """Return the first resource of the same type, by template and logical ID, with the same values of `names`.

    This is `resource` itself if no earlier one is the same. All resources of a type are compared at once: those of one
    cluster, and otherwise those of one account and Region.

    Args:
        resource: the resource.
        assembly: the assembly that contains it.
        names: the properties that must differ.
        certain: whether only resources with the same condition are compared, which all exist or none. Default: no.
    """
    for name in names:
        resource.get(name)  # all are compared at once, but a value that is not known is not seen for this resource
    key = ("first of the same", resource.type, names, certain)
    return assembly.once(key, lambda: _twins(assembly, resource.type, names, certain=certain)).get(resource, resource)


def _twins(assembly: Assembly, type_: str, names: tuple[str, ...], *, certain: bool) -> dict[Resource, Resource]:
    """Return the earlier resource for each one that is the same."""
    resources = assembly.of(type_)
    if len(resources) == 1:
        return {}
    firsts: dict[tuple[object, ...], Resource] = {}
    twins: dict[Resource, Resource] = {}
    for resource in sorted(resources, key=lambda one: (one.template.name, one.logical_id)):
        condition = condition_of(resource) if certain else None
        first = firsts.setdefault((condition, *_identity(resource, assembly, names)), resource)
        if first is not resource:
            twins[resource] = first
    return twins


def _identity(resource: Resource, assembly: Assembly, names: tuple[str, ...]) -> tuple[object, ...]:
    place = home = one_place(resource.template)
    parts: list[object] = []
    for name in names:
        value = resource.get(name)
        owner = assembly.target(value, _OWNERS[name], near=resource) if name in _OWNERS else None
        if owner is not None and isinstance(value, str) and one_place(owner.template) != home:
            owner = None  # the accounts are not known, and several can have a cluster with this name
        if owner is not None and owner.type == _CLUSTER:
            place = None
        parts.append(owner or str(value))
        if owner is None and isinstance(value, Unknown):
            parts.append(resource.template)  # in another template, the same expression has another value
    return place, *parts


def condition_of(resource: Resource) -> object:
    """Return a key that resources share if all of them exist or none: their condition, or None for none."""
    condition = resource.body.get("Condition")
    return None if condition is None else (resource.template, str(condition))


def called(first: Resource, near: Resource) -> str:
    """Return what a message about `near` calls another resource."""
    return first.logical_id if first.template is near.template else first.id


def one_place(template: Any, *, everywhere: bool = False) -> object:
    """Return a key that stacks share if their names must differ: account and Region, or a stack and its nested stacks.

    Args:
        template: the template of the stack.
        everywhere: whether names are global, as in IAM.
    """
    if template.account and (template.region or everywhere):
        return template.account, "" if everywhere else template.region
    while template.parent is not None:
        template = template.parent[0]
    return template
