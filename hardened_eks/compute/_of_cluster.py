"""Constructs that a cluster has once, and that its first compute of a kind creates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike

T = TypeVar("T", bound="Construct")


def once(cluster: ClusterLike, kind: type[T], create: Callable[[Any, str], T]) -> T:
    """Return the only construct of a kind in a cluster, and create it on first use.

    Args:
        cluster: the cluster, which is the parent of the construct, because nodes of other stacks may use it, too.
        kind: the class, whose name is the construct ID.
        create: function that creates the construct from scope and construct ID.
    """
    scope: Any = cluster
    found = scope.node.try_find_child(kind.__name__)
    return found if isinstance(found, kind) else create(scope, kind.__name__)
