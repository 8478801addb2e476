"""The resource that a string identifies: an id, an ARN or a name, asked for from one template."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import identifiers
from hardened_eks.evidence.environment import differ, nearness
from hardened_eks.evidence.intrinsics import LATER
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hardened_eks.evidence.resource import Resource
    from hardened_eks.evidence.unknown import Scope

ARNS: Final = regex(r"arn:[^\s\"'<>,;()\[\]\\]+")
"""ARNs within a longer text, such as a policy or an event pattern."""
_ARN: Final = regex(r"arn:[^:]*:(?P<service>[^:]*):(?P<region>[^:]*):(?P<account>[^:]*):(?P<rest>.+)", re.DOTALL)
_KIND: Final = regex(r"(?P<kind>[\w-]+)[:/](?P<name>.+)", re.DOTALL)
_SERVICES: Final = {
    "elasticfilesystem": "efs", "elasticloadbalancing": "elasticloadbalancingv2", "firehose": "kinesisfirehose",
    "states": "stepfunctions",
}  # fmt: skip
"""The service in an ARN -> the service in a type, where they differ."""
_EVERYWHERE: Final = frozenset({"AWS::S3::Bucket"})
"""Types whose names are unique in the whole partition."""


class Directory:
    """All resources by what identifies them, read when first asked."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._resources = resources

    def find(self, text: str, home: Scope | None, types: Sequence[str] = (), key: str = "") -> Resource | None:
        """Return the resource that `text` means in the template `home`, the nearest where several are meant.

        Args:
            text: an id, an ARN or a name. Unknown parts are written ``${...}``.
            home: where it is written. Ids and names of another account or Region are not meant; an ARN says itself
                where it belongs. Default: anywhere.
            types: the types that may be meant. Default: all of them.
            key: the property that holds it. Default: any; then a name of any kind is taken.
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

    def may_mean(self, text: str) -> bool:
        """Return whether `text` is an id or a name of a resource, or holds an ARN: a quick test before `find`."""
        return text in self._known or "arn:" in text

    def _named(self, name: str, home: Scope | None) -> Sequence[Resource]:
        """Return the resources of a name: one that is put together at deployment means nothing elsewhere."""
        if "${" in name:
            return self._open.get((home, name), ())
        return self._names.get(name, ())

    def _by_arn(self, arn: str, home: Scope | None, types: Sequence[str]) -> Resource | None:
        """Return the resource whose kind and name an ARN says, in the account and Region that it says."""
        parts = _ARN.fullmatch(LATER.sub(_shield, arn))
        if parts is None:
            return None
        account = _place(parts["account"], home.account if home else "")
        region = _place(parts["region"], home.region if home else "")
        if account and not account.isdecimal():  # of AWS itself
            return None
        service = parts["service"].replace("-", "")
        for kind, name in _names(parts["service"], _bare(parts["rest"])):
            found = [
                resource
                for resource in (*self._ids.get(name, ()), *self._named(name, home))
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
    def _known(self) -> frozenset[str]:
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
    """Yield the kind and the name that the last part of an ARN may say, the likeliest first."""
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
            yield kind, parts["name"].rpartition("/")[2]  # before it stands the path
        if service == "secretsmanager":
            yield kind, parts["name"].rpartition("-")[0]  # behind it stand six characters that AWS adds
        if service in ("logs", "lambda"):
            yield kind, parts["name"].split(":", 1)[0]  # behind it stands a stream, a version or an alias


def _is_kind(type_: str, service: str, kind: str) -> bool:
    parts = type_.lower().split("::")
    return len(parts) == 3 and parts[1] == service and kind in parts[2]


def _place(written: str, here: str) -> str:
    """Return an account or Region of an ARN: empty where it is not known."""
    return here if LATER.search(written) else written


def _shield(match: re.Match[str]) -> str:
    """Hide the separators inside ``${...}``."""
    return match[0].replace(":", "\0").replace("/", "\1")


def _bare(text: str) -> str:
    return text.replace("\0", ":").replace("\1", "/")


def _within(resource: Resource, home: Scope | None) -> bool:
    """Return whether a resource is in the account and Region of a template, or may be."""
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
