"""What a cluster has once, and its first compute of a kind creates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike

T = TypeVar("T", bound="Construct")


def once(cluster: ClusterLike, kind: type[T], create: Callable[[Any, str], T]) -> T:
    """Return the one construct of a kind in a cluster, created if it is not there yet.

    Args:
        cluster: the cluster, which is the scope of what is created: nodes of other stacks may use it, too.
        kind: the class, whose name is the construct id.
        create: creates it, given scope and construct id.
    """
    scope: Any = cluster
    found = scope.node.try_find_child(kind.__name__)
    return found if isinstance(found, kind) else create(scope, kind.__name__)
