"""The order of resources of which AWS changes only one at a time: policies of an organization, conformance packs.

Organizations refuses a second change with ConcurrentModificationException, AWS Config with ResourceInUseException.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakKeyDictionary

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import IConstruct

T = TypeVar("T", bound=cdk.CfnResource)
POLICY: Final = "policy of an organization"
PACK: Final = "conformance pack"
_last: WeakKeyDictionary[IConstruct, dict[str, cdk.CfnResource]] = WeakKeyDictionary()
"""The last created resource by stack and kind."""


def in_turn(resource: T, kind: str) -> T:
    """Let a resource wait for the previous one of its kind in the stack, from any construct, and return it."""
    stack = cdk.Stack.of(resource)
    of_stack = _last.setdefault(stack, {})
    before = of_stack.get(kind)
    if before is not None:
        resource.add_resource_dependency(before)
    of_stack[kind] = resource
    return resource
