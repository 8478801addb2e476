"""The deployed state of a resource, before the change that `--against` evaluates."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource


def before(resource: Resource, assembly: Assembly) -> Resource | None:
    """Return the deployed resource with the same stack, logical ID and type, or None for a new one."""
    for old in assembly.previous.of(resource.type) if assembly.previous is not None else ():
        if old.logical_id == resource.logical_id and stack_of(old, assembly) == stack_of(resource, assembly):
            return old
    return None


def stack_of(resource: Resource, assembly: Assembly) -> str:
    """Return the stack of a resource, to compare deployed ones with new ones.

    It is empty if only one template is deployed, which is compared under any name.
    """
    earlier = assembly.previous
    return "" if earlier is not None and len(earlier.templates) == 1 else resource.template.name


def changed(resource: Resource, old: Resource, path: str) -> bool:
    """Return whether a property has changed."""
    return _plain(resource.get(path)) != _plain(old.get(path))


def shown(value: Any) -> str:
    """Return a value as JSON, for a message."""
    return json.dumps(value, sort_keys=True, default=str)


def _plain(value: Any) -> object:
    """Return a value in which scalars are strings, because CloudFormation converts ``false`` and ``"false"`` alike."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def minor(version: object) -> int | None:
    """Return the minor part of a Kubernetes version: 36 for ``1.36``."""
    match = re.fullmatch(r"1\.(\d{1,4})", version) if isinstance(version, str) else None
    return int(match[1]) if match else None
