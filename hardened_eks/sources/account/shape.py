"""Conversion of API responses to CloudFormation format: the case of keys, tags, and policies as documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.resource import NOT_SEEN
from hardened_eks.sources.account.found import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hardened_eks.sources.account.asking import Asker

_MAPS: Final = frozenset({"labels", "tags", "Labels", "Tags"})
"""Mappings with user-defined keys."""
_OF_AWS: Final = "aws:"
_GONE: Final = frozenset({
    "create-failed", "delete-complete", "delete-in-progress", "deleted", "deleting", "expired", "failed", "failing",
    "rejected", "rejecting",
})  # fmt: skip
"""States of resources that services still list. They protect nothing, and nobody can use them."""


def pascal(value: Any) -> Any:
    """Return `value` with the keys of CloudFormation: ``endpointPublicAccess`` becomes ``EndpointPublicAccess``."""
    if isinstance(value, list):
        return [pascal(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {f"{key[:1].upper()}{key[1:]}": item if key in _MAPS else pascal(item) for key, item in value.items()}


def pick(answer: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the properties that are the same in the response and in CloudFormation, without empty ones."""
    return {name: plain(answer[name]) for name in names if answer.get(name) not in (None, "", [], {})}


def plain(value: Any) -> Any:
    """Return a value as in JSON, with dates as strings."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def is_gone(state: Any) -> bool:
    """Return whether a resource in this state is deleted, or was never created. Services differ in the case."""
    return str(state).lower() in _GONE


def tag_map(tags: Any) -> dict[str, str]:
    """Return tags as a mapping, from a mapping or a list with keys in either case."""
    if isinstance(tags, dict):
        return {str(key): str(value) for key, value in tags.items() if key != NOT_SEEN}
    found = {}
    for tag in tags or ():
        key = tag.get("Key", tag.get("key", tag.get("TagKey")))
        found[str(key)] = str(tag.get("Value", tag.get("value", tag.get("TagValue"))) or "")
    return found


def tag_list(tags: Any) -> Any:
    """Return tags in the format of most CloudFormation types, without those that AWS sets itself."""
    if isinstance(tags, dict) and NOT_SEEN in tags:
        return tags
    return [{"Key": key, "Value": value} for key, value in tag_map(tags).items() if not key.startswith(_OF_AWS)]


def own_tags(tags: Any) -> Any:
    """Return tags as a mapping, without those that AWS sets itself."""
    if isinstance(tags, dict) and NOT_SEEN in tags:
        return tags
    return {key: value for key, value in tag_map(tags).items() if not key.startswith(_OF_AWS)}


def document(policy: Any) -> Any:
    """Return a policy as a document; an invalid document stays a string."""
    if not isinstance(policy, str):
        return policy
    try:
        return json.loads(policy)
    except ValueError:
        return policy


def with_tags(properties: dict[str, Any], tags: Any) -> dict[str, Any]:
    """Add tags if there are any."""
    listed = tag_list(tags)
    return {**properties, "Tags": listed} if listed else properties


def without(entry: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return a mapping without some keys."""
    dropped = frozenset(names)
    return {key: value for key, value in entry.items() if key not in dropped}


def ec2_filter(name: str, value: str) -> list[dict[str, Any]]:
    """Return an EC2 filter with one value."""
    return [{"Name": name, "Values": [value]}]


def ec2_found(  # noqa: PLR0917 - each call reads as a row
    type_: str, id_: str, properties: dict[str, Any], asker: Asker, kind: str, entry: Mapping[str, Any]
) -> Found:
    """Return an EC2 resource, with its kind before the ID in its ARN and tags from the response."""
    arn = f"arn:{asker.partition}:ec2:{asker.region}:{asker.account}:{kind}/{id_}"
    return Found(type_, id_, with_tags(properties, entry.get("Tags")), arn, tag_map(entry.get("Tags")))
