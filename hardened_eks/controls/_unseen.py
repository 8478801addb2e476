"""What a control says where somebody else decides what it asks for: it examines nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.controls.model import Problem
from hardened_eks.evidence.views.launch import named_types
from hardened_eks.evidence.views.launch_source import unseen_settings
from hardened_eks.evidence.views.node_role_users import unseen_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_SETTINGS: Final = "launch settings that are not seen"
_ROLE: Final = "a role of nodes that is not seen"


def launch_not_seen(resource: Resource, assembly: Assembly, *sections: str) -> Iterator[Problem]:
    """Yield a problem where the launch settings in `sections` are decided by what no template shows.

    Args:
        resource: a node group, an instance or an Auto Scaling group; anything else decides for itself.
        assembly: where its launch template may be.
        sections: what the control asks for, ``MetadataOptions``.
    """
    for message, path in unseen_settings(resource, assembly, *sections):
        yield Problem(message, path, cause=_SETTINGS, unseen=True)


def types_not_seen(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield the same where a resource names no instance type itself and its launch template may."""
    if next(named_types(resource), None) is None:
        yield from launch_not_seen(resource, assembly, "InstanceType")


def role_not_seen(user: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield a problem for each role of nodes that `user` gives and no template shows."""
    for message, path in unseen_roles(user, assembly):
        yield Problem(message, path, cause=_ROLE, unseen=True)
