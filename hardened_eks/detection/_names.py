"""Names."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hardened_eks import _owner

if TYPE_CHECKING:
    from constructs import Construct


def camel(id_: str) -> str:
    """Return a construct id: ``k8s-exec`` as ``K8sExec``."""
    return "".join(part[:1].upper() + part[1:] for part in id_.replace("_", "-").split("-"))


def in_stack(scope: Construct) -> str:
    """Return a name that begins with the stack's, for types whose generated names do not.

    `CreatorRole` tells what is its own by that. The end tells apart what has the same id in a stack.
    """
    path = scope.node.path.partition("/")[2]
    return f"{_owner.stack_name()}-{scope.node.id}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"
