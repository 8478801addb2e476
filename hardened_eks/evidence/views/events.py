"""The EKS calls that an EventBridge rule matches."""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown
from hardened_eks.evidence.views.event_patterns import mismatch

if TYPE_CHECKING:
    from hardened_eks.evidence import Resource

RULE: Final = "AWS::Events::Rule"
_BY_CLOUDTRAIL: Final = "AWS API Call via CloudTrail"
_PLACES: Final = frozenset(
    {"account", "region", "resources", "eventName", "requestParameters", "awsRegion", "recipientAccountId"}
)
"""Fields that select calls, clusters and places, but no callers."""
_EVENTS: Final = tuple(
    {
        "version": "0",
        "source": "aws.eks",
        "detail-type": _BY_CLOUDTRAIL,
        "detail": {
            "eventSource": "eks.amazonaws.com",
            "eventType": "AwsApiCall",
            "eventCategory": "Management",
            "managementEvent": True,
            "readOnly": False,
            "sourceIPAddress": "203.0.113.7",
            "userAgent": "aws-cli/2",
            "userIdentity": {"type": kind, "arn": arn, "accountId": "111122223333", "principalId": "AIDA"},
        },
    }
    for kind, arn in (
        ("IAMUser", "arn:aws:iam::111122223333:user/ana"),
        ("AssumedRole", "arn:aws:sts::111122223333:assumed-role/team/ana"),
        ("Root", "arn:aws:iam::111122223333:root"),
    )
)
"""Calls by each kind of caller."""


def eks_calls(rule: Resource) -> Any:
    """Return the event name matchers of a rule for EKS calls: ``None`` for all names, ``()`` for other rules."""
    pattern, detail = _pattern(rule)
    from_eks = "aws.eks" in _list(pattern.get("source")) or "eks.amazonaws.com" in _list(detail.get("eventSource"))
    kinds = _list(pattern.get("detail-type"))
    if not from_eks or (kinds and _BY_CLOUDTRAIL not in kinds):
        return ()
    return _list(detail["eventName"]) if "eventName" in detail else None


def hears_callers(rule: Resource) -> bool:
    """Return whether a rule for EKS calls can match calls by any kind of caller; true if that is not known.

    Filters on the cluster, the account and the Region are not evaluated.
    """
    pattern, detail = _pattern(rule)
    if "$or" in pattern or "$or" in detail:
        return True
    told = {key: value for key, value in pattern.items() if key not in _PLACES}
    if detail:
        told["detail"] = {key: value for key, value in detail.items() if key not in _PLACES}
    return any(not mismatch(told, event) for event in _EVENTS)


def _pattern(rule: Resource) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the pattern of a rule and its ``detail``; empty if it cannot be read."""
    pattern = rule.get("EventPattern")
    if isinstance(pattern, str):
        try:
            pattern = json.loads(pattern)
        except ValueError:
            return {}, {}
    if not isinstance(pattern, dict):
        return {}, {}
    detail = pattern.get("detail")
    return pattern, detail if isinstance(detail, dict) else {}


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
