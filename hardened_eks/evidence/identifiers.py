"""What identifies a resource: its physical id, and the ids, ARNs and names among its own properties.

Which properties these are is data, ``hardened_eks/data/identifiers.json``, created from the CloudFormation schemas by
``python -m tools.identifiers``. So ``SubnetId`` identifies a subnet, and is a reference everywhere else.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.evidence.resource import Resource

_ENDING: Final = regex(r"(?:Names?|Arns?|ARNs?|Ids?|s)$")
_VAGUE: Final = frozenset({"group", "rule"})
"""Kinds of names that other kinds end with: a LogGroupName is the name of no IAM group."""
_SPLIT: Final = regex(r"[/:|]")


@dataclass(frozen=True, slots=True)
class Own:
    """The properties of a type that identify a resource of it."""

    ids: tuple[str, ...]
    """Filled in by AWS; each identifies the resource wherever it is written."""
    names: tuple[str, ...]
    """Names, mostly chosen by the user; each means the resource only where a name of its kind is asked for."""
    primary: tuple[str, ...]
    """The primary identifier of the schema. With several parts, Ref returns them with ``|`` between."""

    brought: tuple[str, ...] = ()
    """Ids of what is created and deleted with it, such as the default security group of a VPC."""

    def __contains__(self, name: object) -> bool:
        return name in self.ids or name in self.names or name in self.brought


@cache
def own(type_: str) -> Own:
    """Return what identifies resources of a type; for a type without data, what is named after the type."""
    entry = _data().get(type_)
    if entry is None:
        last = type_.rpartition("::")[2]
        return Own(("Arn", f"{last}Arn", "Id", f"{last}Id"), ("Name", f"{last}Name"), ())
    return Own(*(tuple(entry.get(key, ())) for key in ("ids", "names", "primary", "brought")))


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("hardened_eks.data").joinpath("identifiers.json").read_text(encoding="utf-8")
    types: Mapping[str, Mapping[str, list[str]]] = json.loads(text)["types"]
    return types


def ids(resource: Resource) -> Iterator[str]:
    """Yield the ids and ARNs of a resource, as far as its evidence tells."""
    if resource.physical_id and not _is_name(resource) and not _is_borrowed(resource):
        yield resource.physical_id
    yield from (value for value in _values(resource, own(resource.type).ids) if isinstance(value, str) and value)


def brought(resource: Resource) -> Iterator[str]:
    """Yield the ids of what is created with a resource, which mean the resource where nothing else has them."""
    yield from (value for value in _values(resource, own(resource.type).brought) if isinstance(value, str) and value)


def names(resource: Resource) -> Iterator[Any]:
    """Yield the names of a resource; one that is known only at deployment is an `Unknown`."""
    if resource.physical_id and _is_name(resource):
        yield resource.physical_id
    yield from _values(resource, own(resource.type).names)
    if resource.type == "AWS::SQS::Queue":  # its physical id is a URL, its ARN says the name alone
        yield from (text.rpartition("/")[2] for text in ids(resource) if text.startswith("https:"))


def _values(resource: Resource, properties: tuple[str, ...]) -> Iterator[Any]:
    written = resource.properties
    if isinstance(written, dict):
        yield from (written[name] for name in properties if name in written)


def _is_name(resource: Resource) -> bool:
    """Return whether the physical id is a name: for a role it is, for a subnet it is an id."""
    known = own(resource.type)
    return set(known.primary) <= set(known.names) if known.primary else not _SPLIT.search(resource.physical_id)


def _is_borrowed(resource: Resource) -> bool:
    """Return whether the physical id is that of something else: a bucket policy's is the name of its bucket."""
    known = own(resource.type)
    return len(known.primary) == 1 and known.primary[0] not in known


@cache
def kind(type_: str) -> str:
    """Return what the name of a resource of a type is called in other resources' properties: ``loggroup``."""
    known = own(type_).names
    return (_stem(known[0]) if known else "") or _stem(type_.rpartition("::")[2])


@cache
def asks_for(key: str, type_: str) -> bool:
    """Return whether the property `key` takes the name of a resource of a type: Roles, RoleName, S3BucketName."""
    asked, of_type = _stem(key), kind(type_)
    return asked == of_type or (of_type not in _VAGUE and asked.endswith(of_type))


@cache
def _stem(key: str) -> str:
    """Return a property's name in lower case, without an ending that only says in which form it names something."""
    return _ENDING.sub("", _ENDING.sub("", key)).lower()
