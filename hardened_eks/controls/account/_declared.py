"""Settings of an organization's declarative policies, which apply to all its accounts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource

POLICY: Final = "AWS::Organizations::Policy"
_ATTRIBUTES: Final = "ec2_attributes"
_ASSIGN: Final = "@@assign"


def declared(policy: Resource, attribute: str, name: str) -> Iterator[tuple[Any, str]]:
    """Yield the value and path of an attribute that a declarative policy for EC2 sets.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
    """
    if policy.get("Type") != "DECLARATIVE_POLICY_EC2":
        return
    content = policy.get("Content")
    path = "Content"
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return
    else:
        path = f"Content.{_ATTRIBUTES}.{attribute}.{name}.{_ASSIGN}"
    for step in (_ATTRIBUTES, attribute, name, _ASSIGN):
        if not isinstance(content, dict):
            return
        content = content.get(step)
    if content is not None:
        yield content, path
