"""AWS changes one policy of an organization at a time, and refuses the second with ConcurrentModificationException."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import aws_cdk as cdk

if TYPE_CHECKING:
    from aws_cdk import aws_organizations as organizations
    from constructs import IConstruct

_last: WeakKeyDictionary[IConstruct, organizations.CfnPolicy] = WeakKeyDictionary()
"""The policy that was created last, by stack."""


def in_turn(policy: organizations.CfnPolicy) -> organizations.CfnPolicy:
    """Let a policy wait for the one that was created before it in its stack, by any construct; return it."""
    stack = cdk.Stack.of(policy)
    before = _last.get(stack)
    if before is not None:
        policy.add_resource_dependency(before)
    _last[stack] = policy
    return policy
