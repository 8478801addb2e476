"""The resource that a string (an ID, an ARN or a name) identifies, as seen from one template."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import identifiers
from hardened_eks.evidence.environment import differ, nearness
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hardened_eks.evidence.resource import Resource
    from hardened_eks.evidence.unknown import Scope

ARNS: Final = regex(r"arn:[^\s\"'<>,;()\[\]\\]+")
"""ARNs within a longer string, such as a policy or an event pattern."""
_KIND: Final = regex(r"(?P<kind>[\w-]+)[:/](?P<name>.+)", re.DOTALL)
_SERVICES: Final = {
    "elasticfilesystem": "efs", "elasticloadbalancing": "elasticloadbalancingv2", "firehose": "kinesisfirehose",
    "states": "stepfunctions",
}  # fmt: skip
"""The service in an ARN -> the service in a type, if they differ."""
_EVERYWHERE: Final = frozenset({"AWS::S3::Bucket"})
"""Types whose names are unique in the whole partition."""


class Directory:
    """All resources by their identifiers, indexed on first use."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._resources = resources

    def find(self, text: str, home: Scope | None, types: Sequence[str] = (), key: str = "") -> Resource | None:
        """Return the resource that `text` identifies in the template `home`; the nearest one if several match.

        Args:
            text: an ID, an ARN or a name. Unknown parts are written as ``${...}``.
            home: the template that contains it. IDs and names of another account or Region do not match; an ARN names
                its own account and Region. Default: any template.
            types: the accepted types. Default: all types.
            key: the property that contains it. Default: any property, for which a name of any kind is accepted.
        """
        if text in self._ids:
            is_arn = text.startswith("arn:")
            found = [r for r in self._ids[text] if (not types or r.type in types) and (is_arn or _within(r, home))]
            if found:
                return _nearest(found, home)
        if text.startswith("arn:"):
            return self._by_arn(text, home, types)
        named = self._named(text, home)
        if types:
            named = [r for r in named if r.type in types]
        elif key and named:
            named = [r for r in named if identifiers.asks_for(key, r.type)]
        found = [r for r in named if _within(r, home)]
        return _nearest(found, home) if found else None

    def _named(self, name: str, home: Scope | None) -> Sequence[Resource]:
        """Return the resources with a name; a name that is assembled at deployment matches only in its own template."""
        if "${" in name:
            return self._open.get((home, name), ())
        return self._names.get(name, ())

    def _by_arn(self, arn: str, home: Scope | None, types: Sequence[str]) -> Resource | None:
        """Return the resource with the kind, name, account and Region in an ARN."""
        parts = (LATER.sub(_shield, arn) if "{" in arn else arn).split(":", 5)
        if len(parts) < 6 or parts[0] != "arn" or not parts[5]:
            return None
        account = _place(parts[4], home.account if home else "")
        region = _place(parts[3], home.region if home else "")
        if account and not account.isdecimal():  # of AWS itself
            return None
        service = parts[2].replace("-", "")
        for kind, name in _names(parts[2], _bare(parts[5])):
            named = (*self._ids.get(name, ()), *self._named(name, home))
            found = named and [
                resource
                for resource in named
                if (not types or resource.type in types)
                and _is_kind(resource.type, _SERVICES.get(service, service), kind)
                and not differ(resource.template.account, account)
                and (not differ(resource.template.region, region) or _has_no_region(resource))
            ]
            if found:
                return _nearest(found, home)
        return None

    @cached_property
    def _ids(self) -> Mapping[str, list[Resource]]:
        kinds = (identifiers.ids, identifiers.brought)
        return _by_text((text, resource) for read in kinds for resource in self._resources for text in read(resource))

    @cached_property
    def _names(self) -> Mapping[str, list[Resource]]:
        return _by_text(
            (name, resource)
            for resource in self._resources
            for name in identifiers.names(resource)
            if isinstance(name, str) and name
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """The IDs and names of the resources: a quick test before `find`, which also finds ARNs."""
        return frozenset((*self._ids, *self._names))

    @cached_property
    def _open(self) -> Mapping[tuple[Scope | None, str], list[Resource]]:
        found: dict[tuple[Scope | None, str], list[Resource]] = defaultdict(list)
        for resource in self._resources:
            for name in identifiers.names(resource):
                if isinstance(name, Unknown) and "${Fn::" not in str(name):
                    found[name.template, str(name)].append(resource)
        return found


def _by_text(pairs: Iterable[tuple[str, Resource]]) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for text, resource in pairs:
        owners = found.setdefault(text, [])
        if resource not in owners[-1:]:
            owners.append(resource)
    return found


def _names(service: str, rest: str) -> Iterator[tuple[str, str]]:
    """Yield the possible kinds and names in the last part of an ARN, the most likely first."""
    if service == "s3":
        yield "", rest.split("/", 1)[0]
        return
    whole = rest.removesuffix(":*").removesuffix("/*")
    yield "", whole
    parts = _KIND.fullmatch(whole)
    if parts is not None:
        kind = parts["kind"].replace("-", "").lower()
        yield kind, parts["name"]
        if service == "iam":
            yield kind, parts["name"].rpartition("/")[2]  # the path comes before it
        if service == "secretsmanager":
            yield kind, parts["name"].rpartition("-")[0]  # six characters that AWS adds come after it
        if service in ("logs", "lambda"):
            yield kind, parts["name"].split(":", 1)[0]  # a stream, a version or an alias comes after it


def _is_kind(type_: str, service: str, kind: str) -> bool:
    parts = type_.lower().split("::")
    return len(parts) == 3 and parts[1] == service and kind in parts[2]


def _place(written: str, here: str) -> str:
    """Return the account or Region of an ARN, or an empty string if it is not known."""
    return here if "{" in written and LATER.search(written) else written


def _shield(match: re.Match[str]) -> str:
    """Hide the separators inside ``${...}``."""
    return match[0].replace(":", "\0").replace("/", "\1")


def _bare(text: str) -> str:
    return text.replace("\0", ":").replace("\1", "/")


def _within(resource: Resource, home: Scope | None) -> bool:
    """Return whether a resource is, or may be, in the account and Region of a template."""
    there = resource.template
    if home is None or there is home or resource.type in _EVERYWHERE:
        return True
    if differ(there.account, home.account):
        return False
    return not differ(there.region, home.region) or _has_no_region(resource)


def _has_no_region(resource: Resource) -> bool:
    return resource.type.startswith("AWS::IAM::") or resource.type in _EVERYWHERE


def _nearest(found: Sequence[Resource], home: Scope | None) -> Resource:
    return found[0] if home is None or len(found) == 1 else max(found, key=lambda r: nearness(r.template, home))
