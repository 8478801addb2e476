"""Resources that AWS treats as the same, so that it rejects the second."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource


def first_of_the_same(resource: Resource, assembly: Assembly, *names: str) -> Resource:
    """Return the first resource of the same template and type, by logical ID, with the same values of `names`.

    This is `resource` itself if no earlier one is the same. All resources of a type are compared at once.
    """
    counts = assembly.once(
        ("count", resource.type), lambda: Counter(one.template for one in assembly.of(resource.type))
    )
    if counts[resource.template] == 1:
        return resource
    key = ("first of the same", resource.type, names)
    return assembly.once(key, lambda: _firsts(assembly, resource.type, names))[_identity(resource, names)]


def _firsts(assembly: Assembly, type_: str, names: tuple[str, ...]) -> dict[tuple[object, ...], Resource]:
    firsts: dict[tuple[object, ...], Resource] = {}
    for resource in sorted(assembly.of(type_), key=lambda other: other.logical_id):
        firsts.setdefault(_identity(resource, names), resource)
    return firsts


def _identity(resource: Resource, names: tuple[str, ...]) -> tuple[object, ...]:
    return resource.template, *(str(resource.get(name)) for name in names)


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
