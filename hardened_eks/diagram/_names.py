"""Names of resources and values in a diagram."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

NOT_KNOWN: Final = "not known"
_OWN: Final = re.compile(r"/(?:Resource|Default)$")


def name_of(resource: Resource, assembly: Assembly) -> str:
    """Return the construct path below the stack, or the logical ID in a template that the CDK did not create.

    If another resource of the type has the same name in another stack, the name begins with the stack.
    """
    short, key = _short(resource), ("diagram", "names", resource.type)
    alike = assembly.once(key, lambda: Counter(map(_short, assembly.of(resource.type))))
    return short if alike[short] < 2 else f"{resource.template.name}/{short}"


def _short(resource: Resource) -> str:
    path = resource.construct_path
    if path == resource.id:
        return resource.logical_id
    return _OWN.sub("", path).partition("/")[2] or resource.logical_id


def known(value: Any) -> str:
    """Return a value as a string; a value that is missing or known only at deployment is not shown."""
    return NOT_KNOWN if value is None or isinstance(value, Unknown) else str(value)


def called(cluster: Resource, assembly: Assembly) -> str:
    """Return the name of a cluster, or its logical ID if the name is not known."""
    name = cluster.get("Name")
    return name_of(cluster, assembly) if name is None or isinstance(name, Unknown) else str(name)


def named(value: Any, near: Resource, assembly: Assembly) -> str:
    """Return the name of the resource that a value points at, or the value."""
    found = assembly.target(value, near=near)
    return name_of(found, assembly) if found is not None else known(value)


def listed(values: list[Any]) -> str:
    """Return several values in one string."""
    return ", ".join(map(known, values))
