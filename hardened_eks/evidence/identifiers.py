"""Identifiers of resources: the physical ID, and the IDs, ARNs and names among the properties.

``hardened_eks/data/identifiers.json`` lists these properties; ``python -m tools.identifiers`` creates it from the
CloudFormation schemas. For example, ``SubnetId`` identifies a subnet, and is a reference everywhere else.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.evidence.resource import Resource

_ENDING: Final = regex(r"(?:Names?|Arns?|ARNs?|Ids?|s)$")
_VAGUE: Final = frozenset({"group", "rule"})
"""Kinds of names that are also endings of other kinds: a LogGroupName is not the name of an IAM group."""
_SPLIT: Final = regex(r"[/:|]")


@dataclass(frozen=True, slots=True)
class Own:
    """The properties of a type that identify a resource of it."""

    ids: tuple[str, ...]
    """IDs that AWS assigns; each identifies the resource in any property."""
    names: tuple[str, ...]
    """Names, mostly chosen by the user; each identifies the resource only in a property that takes such a name."""
    primary: tuple[str, ...]
    """The primary identifier of the schema. If it has several parts, Ref returns them separated by ``|``."""

    brought: tuple[str, ...] = ()
    """IDs of resources that are created and deleted with it, such as the default security group of a VPC."""


@cache
def own(type_: str) -> Own:
    """Return the identifying properties of a type; for a type without data, those that are named after the type."""
    entry = _data().get(type_)
    if entry is None:
        last = type_.rpartition("::")[2]
        return Own(("Arn", f"{last}Arn", "Id", f"{last}Id"), ("Name", f"{last}Name"), ())
    return Own(*(tuple(entry.get(key, ())) for key in ("ids", "names", "primary", "brought")))


@cache
def own_properties(type_: str) -> frozenset[str]:
    """Return the names of the identifying properties of a type."""
    known = own(type_)
    return frozenset((*known.ids, *known.names, *known.brought))


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    types: Mapping[str, Mapping[str, list[str]]] = _files.document("identifiers.json")["types"]
    return types


def ids(resource: Resource) -> Iterator[str]:
    """Yield the known IDs and ARNs of a resource."""
    if resource.physical_id and not _is_name(resource) and not _is_borrowed(resource):
        yield resource.physical_id
    for value in _values(resource, own(resource.type).ids):
        if isinstance(value, str) and value:
            yield value


def brought(resource: Resource) -> Iterator[str]:
    """Yield the IDs of resources that are created with a resource, and that no other resource has."""
    for value in _values(resource, own(resource.type).brought):
        if isinstance(value, str) and value:
            yield value


def names(resource: Resource) -> Iterator[Any]:
    """Yield the names of a resource; a name that is known only at deployment is an `Unknown`."""
    if resource.physical_id and _is_name(resource):
        yield resource.physical_id
    yield from _values(resource, own(resource.type).names)
    if resource.type == "AWS::SQS::Queue":  # its physical ID is a URL, and its ARN contains the name
        yield from (text.rpartition("/")[2] for text in ids(resource) if text.startswith("https:"))


def _values(resource: Resource, properties: tuple[str, ...]) -> list[Any]:
    written = resource.properties if properties else None
    return [written[name] for name in properties if name in written] if isinstance(written, dict) else []


def _is_name(resource: Resource) -> bool:
    """Return whether the physical ID is a name: true for a role, but not for a subnet."""
    known = own(resource.type)
    return set(known.primary) <= set(known.names) if known.primary else not _SPLIT.search(resource.physical_id)


def _is_borrowed(resource: Resource) -> bool:
    """Return whether the physical ID belongs to another resource: that of a bucket policy is the bucket name."""
    known = own(resource.type)
    return len(known.primary) == 1 and known.primary[0] not in own_properties(resource.type)


@cache
def kind(type_: str) -> str:
    """Return the word for the name of a type in the properties of other resources: ``loggroup``."""
    known = own(type_).names
    return (_stem(known[0]) if known else "") or _stem(type_.rpartition("::")[2])


@cache
def asks_for(key: str, type_: str) -> bool:
    """Return whether the property `key` takes the name of a resource of a type: Roles, RoleName, S3BucketName."""
    asked, of_type = _stem(key), kind(type_)
    return asked == of_type or (of_type not in _VAGUE and asked.endswith(of_type))


@cache
def _stem(key: str) -> str:
    """Return a property name in lower case, without an ending such as Name, Id or Arn."""
    return _ENDING.sub("", _ENDING.sub("", key)).lower()
