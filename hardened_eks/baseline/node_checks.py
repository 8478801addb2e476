"""Checks of the settings of nodes and Fargate, as plain data. They yield pairs of path and message."""

from __future__ import annotations

import re
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.baseline import families
from hardened_eks.baseline._checks import (
    SECURITY_GROUP,
    boolean,
    fields,
    list_of,
    mapping,
    one_of,
    text,
    unknown,
)
from hardened_eks.baseline.auto_mode import AutoModePool
from hardened_eks.baseline.node_labels import LABEL_KEY, LABEL_VALUE, kept_by_pools, reserved_for_taints
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.baseline._checks import Check, Path, Problem

EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")
MOST_CPUS: Final = 100_000
MOST_DAYS: Final = 30
SMALLEST_DISK: Final = 20
LARGEST_DISK: Final = 65_536
_NAME: Final = regex(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")
_CLUSTER: Final = regex(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
_RELEASE: Final = regex(r"\d+\.\d+\.\d+")
_SUBNET: Final = regex(r"subnet-[0-9a-f]{8,17}")
_KEY: Final = regex(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+")
_LOG_GROUP: Final = regex(r"[\w./#-]{1,512}")
_REGION: Final = regex(r"[a-z]{2,}(-[a-z]+)+-\d")
_PRINCIPAL: Final = regex(r"[\w+=,.@-]{1,128}")
_KEPT: Final = regex(r"kubernetes\.io/cluster/|karpenter\.sh/|karpenter\.k8s\.aws/|eks:|aws:")


def _number(least: int, most: int) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield path, f"needs a whole number from {least} to {most}, got {value!r}"

    return check


def _of(pattern: re.Pattern[str], what: str) -> Check:
    return lambda path, value: text(path, value, what, pattern.fullmatch)


def _own_key(path: Path, key: object) -> Iterator[Problem]:
    if reserved_for_taints(str(key)):
        yield path, f"has the key {key!r}, whose prefix is reserved for Kubernetes: use your own prefix"


def _labels(path: Path, value: Any) -> Iterator[Problem]:
    yield from mapping(LABEL_KEY, _of(LABEL_VALUE, "the value of a label"), "labels of nodes")(path, value)
    for key in value if isinstance(value, dict) else ():
        if owner := kept_by_pools(str(key)):
            yield (*path, key), f"has the key {key!r}, whose prefix is reserved for {owner}: use your own prefix"


_TAINT: Final[dict[str, Check]] = {
    "effect": one_of(EFFECTS),
    "key": _of(LABEL_KEY, "a key such as team or example.com/team"),
    "value": _of(LABEL_VALUE, "the value of a label"),
}


def _taint(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict) or "key" not in value:
        yield path, f"needs a mapping with key, and value and effect, got {value!r}"
        return
    yield from fields(path, value, _TAINT)
    yield from _own_key((*path, "key"), value["key"])


def _family(path: Path, value: Any) -> Iterator[Problem]:
    strange = families.unknown(value)
    reason = None if strange else families.unfit(value)
    if strange:
        yield path, f"needs a family {strange}"
    elif reason:
        yield path, f"needs another family than {value!r}, which {reason}"


def _several(item: Check, what: str) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        yield from list_of(item)(path, value)
        if isinstance(value, list | tuple) and not value:
            yield path, f"needs at least one {what}, got an empty list"

    return check


POOL: Final[dict[str, Check]] = {
    "families": _several(_family, "family"),
    "labels": _labels,
    "cpu_limit": _number(1, MOST_CPUS),
    "max_lifetime_days": _number(1, MOST_DAYS),
    "name": _of(_NAME, "up to 63 lower-case letters, digits, '-' or '.'"),
    "spot": boolean,
    "taints": list_of(_taint),
}
"""Checks by key of a pool of Karpenter."""


def _pool(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"needs a mapping with {', '.join(POOL)}, got {value!r}"
        return
    yield from fields(path, value, POOL)


def _tags(path: Path, value: Any) -> Iterator[Problem]:
    yield from mapping(re.compile(r".+"), lambda p, v: text(p, v, "a text", lambda _: True), "tags")(path, value)
    for key in value if isinstance(value, dict) else ():
        if _KEPT.match(str(key)):
            yield (*path, key), f"has the key {key!r}, which is reserved for AWS, Kubernetes or Karpenter: use another"


_subnets = _several(_of(_SUBNET, "the id of a subnet such as 'subnet-0123456789abcdef0'"), "subnet")
_security_group = _of(SECURITY_GROUP, "the id of a security group such as 'sg-0123456789abcdef0'")
_key = _of(_KEY, "the ARN of a KMS key")
_disk = _number(SMALLEST_DISK, LARGEST_DISK)

KARPENTER: Final[dict[str, Check]] = {
    "bottlerocket_version": _of(_RELEASE, "a release such as '1.66.0', which supports your Kubernetes version"),
    "cluster": _of(_CLUSTER, "the name of a cluster"),
    "disk_gib": _disk,
    "instance_profile": _of(_PRINCIPAL, "the name of an instance profile"),
    "pools": _several(_pool, "pool"),
    "security_groups": _several(_security_group, "security group"),
    "subnets": _subnets,
    "tags": _tags,
    "volumes_key": _key,
}
"""Checks by key of the settings of Karpenter's nodes."""
_NEEDED: Final = ("bottlerocket_version", "instance_profile", "volumes_key")


def karpenter(path: Path, value: Any) -> Iterator[Problem]:
    """Yield the mistakes in the settings of Karpenter's nodes."""
    yield from _section(path, value, KARPENTER, _NEEDED)
    if not isinstance(value, dict):
        return
    given = [name for name in ("subnets", "security_groups") if name in value]
    if "cluster" in value and given:
        yield path, f"needs cluster or {' and '.join(given)}, not both: the cluster's tags find the others"
    elif "cluster" not in value and len(given) != len(("subnets", "security_groups")):
        yield path, "needs cluster, whose tags find subnets and security groups, or both of these"


def _auto_pool(path: Path, value: Any) -> Iterator[Problem]:
    """Yield the mistakes that `AutoModePool` finds in a pool, each with the path of its field."""
    known = [field.name for field in fields_of(AutoModePool)]
    if not isinstance(value, dict):
        yield path, f"needs a mapping with {', '.join(known)}, got {value!r}"
        return
    yield from unknown(path, value, known)
    try:
        AutoModePool(**{name: value[name] for name in known if name in value})
    except ConfigurationError as error:
        for problem in error.problems:
            name, _, rest = problem.partition(" ")
            yield (*path, name), rest


AUTO_MODE: Final[dict[str, Check]] = {
    "disk_gib": _disk,
    "fips": boolean,
    "pools": _several(_auto_pool, "pool"),
    "role": _of(_PRINCIPAL, "the name of a role"),
    "security_group": _security_group,
    "subnets": _subnets,
    "volumes_key": _key,
}
"""Checks by key of the settings of Auto Mode's nodes."""


def auto_mode(path: Path, value: Any) -> Iterator[Problem]:
    """Yield the mistakes in the settings of Auto Mode's nodes."""
    yield from _section(path, value, AUTO_MODE, ("role", "security_group", "subnets", "volumes_key"))


FARGATE_LOGS: Final[dict[str, Check]] = {
    "log_group": _of(_LOG_GROUP, "the name of a log group such as '/aws/eks/prod/fargate'"),
    "region": _of(_REGION, "a Region such as 'eu-west-1'"),
}
"""Checks by key of the settings of Fargate's log router."""


def fargate_logs(path: Path, value: Any) -> Iterator[Problem]:
    """Yield the mistakes in the settings of Fargate's log router."""
    yield from _section(path, value, FARGATE_LOGS, ("log_group", "region"))


def _section(path: Path, value: Any, checks: Mapping[str, Check], needed: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"needs a mapping with {', '.join(checks)}, got {value!r}"
        return
    yield from fields(path, value, checks)
    missing = [name for name in needed if name not in value]
    if missing:
        yield path, f"needs {', '.join(missing)}"


def pools_twice(value: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the pools whose name occurs twice: Karpenter and Auto Mode share the kind NodePool."""
    seen: set[str] = set()
    for section in ("karpenter", "auto_mode"):
        nodes = value.get(section)
        pools = nodes.get("pools", ({},)) if isinstance(nodes, dict) else ()
        for index, pool in enumerate(pools if isinstance(pools, list | tuple) else ()):
            name = pool.get("name", "general") if isinstance(pool, dict) else None
            if isinstance(name, str) and name in seen:
                path = (section, "pools", index, "name")
                yield path, f"the pool {name!r} is there twice: give each NodePool of a cluster its own name"
            seen.add(str(name))
