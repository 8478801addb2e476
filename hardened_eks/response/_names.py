"""Names of what CloudFormation would not name after the stack."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hardened_eks import _owner

if TYPE_CHECKING:
    from constructs import Construct


def in_stack(scope: Construct) -> str:
    """Return a name that begins with the name of the stack: `CreatorRole` recognizes its own resources by that."""
    path = scope.node.path.partition("/")[2]
    return f"{_owner.stack_name()}-{scope.node.id}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"
