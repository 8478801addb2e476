"""The EKS calls that an EventBridge rule matches."""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from hardened_eks.evidence import Resource

RULE: Final = "AWS::Events::Rule"
_BY_CLOUDTRAIL: Final = "AWS API Call via CloudTrail"


def eks_calls(rule: Resource) -> Any:
    """Return the event name matchers of a rule for EKS calls: ``None`` for all names, ``()`` for other rules."""
    pattern = rule.get("EventPattern")
    if isinstance(pattern, str):
        try:
            pattern = json.loads(pattern)
        except ValueError:
            return ()
    if not isinstance(pattern, dict):
        return ()
    detail = pattern.get("detail")
    detail = detail if isinstance(detail, dict) else {}
    from_eks = "aws.eks" in _list(pattern.get("source")) or "eks.amazonaws.com" in _list(detail.get("eventSource"))
    kinds = _list(pattern.get("detail-type"))
    if not from_eks or (kinds and _BY_CLOUDTRAIL not in kinds):
        return ()
    return _list(detail["eventName"]) if "eventName" in detail else None


def listens(matchers: Any, name: str) -> bool:
    """Return whether event matchers from `eks_calls` include the call `name`."""
    return matchers is None or any(_matches(matcher, name) for matcher in matchers)


def _matches(matcher: Any, name: str) -> bool:
    if not isinstance(matcher, dict):
        return bool(matcher == name)
    for operator, wanted in matcher.items():
        if operator == "anything-but":
            values = _list(wanted)
            return not any(_matches(value, name) for value in values)
        if operator == "exists":
            return bool(wanted)
        if not isinstance(wanted, str):
            return False
        if operator == "prefix":
            return name.startswith(wanted)
        if operator == "suffix":
            return name.endswith(wanted)
        if operator == "wildcard":
            return fnmatch.fnmatchcase(name, wanted)
        if operator == "equals-ignore-case":
            return name.lower() == wanted.lower()
    return False


def _list(value: Any) -> list[Any]:
    if value is None or isinstance(value, Unknown):
        return []
    return value if isinstance(value, list) else [value]
