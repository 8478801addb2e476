"""Checks of settings as plain data, the same for Python and YAML. They yield pairs of path and message."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline import node_checks
from hardened_eks.baseline._checks import (
    BUCKET,
    DOMAIN,
    KEY,
    LABEL,
    PINNED_IMAGE,
    RESOURCES,
    SCHEDULE,
    SECURITY_GROUP,
    address,
    boolean,
    cidr,
    cluster_object,
    each,
    fields,
    group,
    label,
    list_of,
    mapping,
    one_of,
    one_or_more,
    open_range,
    port,
    quantity,
    registry,
    some_of,
    text,
    user,
)
from hardened_eks.baseline.addons import PROFILES
from hardened_eks.baseline.fargate_logging import NAMESPACE as OBSERVABILITY
from hardened_eks.baseline.levels import LEVELS, SYSTEM_NAMESPACES
from hardened_eks.baseline.node_labels import LABEL_KEY, LABEL_VALUE
from hardened_eks.baseline.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.baseline._checks import Check, Path, Problem

MODES: Final = ("audit", "warn", "deny")
NO_DNS: Final = (
    "needs dns_addresses, because DNS is not a pod on nodes of Auto Mode, and no pod of a namespace could resolve "
    "names: set it to the tenth address of the cluster's range for services, such as [172.20.0.10]"
)
"""Why settings for Auto Mode need the address of DNS: https://github.com/aws/containers-roadmap/issues/2552."""

_labels = mapping(LABEL_KEY, lambda p, v: text(p, v, "the value of a label", LABEL_VALUE.fullmatch), "labels of pods")
_PEER: Final[dict[str, Check]] = {
    "cidr": open_range,
    "domains": some_of(
        lambda p, v: text(p, v, "a domain name such as 'api.example.com' or '*.example.com'", DOMAIN.fullmatch)
    ),
    "except": list_of(cidr),
    "namespace": label,
    "pods": _labels,
    "range": lambda path, value: text(path, value, "the name of one of `ranges`", bool),
}


def _inside(inner: str, outer: str) -> bool:
    part, whole = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
    return part.version == whole.version and part != whole and bool(part.subnet_of(whole))  # type: ignore[arg-type]


def _peer(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict) or not value:
        yield path, f"needs a mapping with cidr, domains, range, namespace or pods, got {value!r}"
        return
    yield from fields(path, value, _PEER)
    kinds = [kind for kind in ("cidr", "domains", "range", "namespace") if kind in value]
    if len(kinds) > 1 or ("pods" in value and kinds not in ([], ["namespace"])):
        yield (
            path,
            f"needs one of cidr, domains, range, and namespace with or without pods, got {', '.join(sorted(value))}",
        )
    if "except" in value and "cidr" not in value:
        yield (*path, "except"), "needs a cidr in the same peer"
    elif not list(cidr(path, value.get("cidr"))) and isinstance(value.get("except"), list | tuple):
        whole = value["cidr"]
        for index, part in enumerate(value["except"]):
            if not list(cidr(path, part)) and not _inside(part, whole):
                yield (*path, "except", index), f"needs a range within {value['cidr']}, got {part!r}"


def _allowance(path: Path, value: Any) -> Iterator[Problem]:
    if value == "same-namespace":
        return
    if not isinstance(value, dict) or ("from" in value) == ("to" in value):
        yield path, f"needs 'same-namespace', or a mapping with ports and one of from and to, got {value!r}"
        return
    yield from fields(path, value, {"from": _peer, "to": _peer, "pods": _labels, "ports": list_of(port)})
    if isinstance(value.get("from"), dict) and "domains" in value["from"]:
        yield (*path, "from", "domains"), "domains are only for outgoing connections: use to"
    if not value.get("ports"):
        yield path, "needs ports: name at least one"


_GROUPS: Final[dict[str, Check]] = dict.fromkeys(ROLES, list_of(group))


def _groups(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"needs a mapping from {', '.join(ROLES)} to lists of groups, got {value!r}"
        return
    yield from fields(path, value, _GROUPS)


def _limits(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"needs a mapping with max and min, or resources and quantities, got {value!r}"
        return
    quantities = mapping(RESOURCES, quantity, "resources and quantities")
    if value.keys() & {"max", "min"} or any(isinstance(entry, dict) for entry in value.values()):
        yield from fields(path, value, {"max": quantities, "min": quantities})
    else:
        yield from quantities(path, value)


NAMESPACE: Final[dict[str, Check]] = {
    "allow": list_of(_allowance),
    "groups": _groups,
    "level": one_of(LEVELS),
    "limits": _limits,
    "name": label,
    "pod_identity": boolean,
    "quota": mapping(RESOURCES, quantity, "resources and quantities"),
    "security_groups": list_of(
        lambda p, v: text(p, v, "the id of a security group such as 'sg-0123456789abcdef0'", SECURITY_GROUP.fullmatch)
    ),
    "team": lambda path, value: text(path, value, "a name of lower-case letters, digits and '-'", LABEL.fullmatch),
}
"""Checks by key of a namespace."""


def namespace(path: Path, value: Any) -> Iterator[Problem]:
    """Yield the mistakes in one namespace."""
    if not isinstance(value, dict):
        yield path, f"needs a mapping with name, got {value!r}"
        return
    yield from fields(path, value, NAMESPACE)
    if "name" not in value:
        yield path, "needs a name"


BENCHMARKS: Final = ("eks-1.8.0", "eks-stig-kubernetes-v1r6")
"""Benchmarks of kube-bench: the CIS benchmark and the STIG of EKS."""
TARGETS: Final = ("node", "policies")
"""Targets of kube-bench."""


def _optional(what: str, good: Any) -> Check:
    return lambda path, value: text(path, value, what, lambda given: given == "" or good(given))


_KUBE_BENCH: Final[dict[str, Check]] = {
    "api": list_of(cidr),
    "benchmark": one_of(BENCHMARKS),
    "image": lambda path, value: text(
        path, value, "an image by digest, such as REGISTRY/kube-bench@sha256:...", PINNED_IMAGE.fullmatch
    ),
    "schedule": lambda path, value: text(path, value, "a schedule such as '17 3 * * *'", SCHEDULE.fullmatch),
    "targets": list_of(one_of(TARGETS)),
}


def _kube_bench(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"needs a mapping with image, got {value!r}"
        return
    yield from fields(path, value, _KUBE_BENCH)
    if value and "image" not in value:
        yield path, "needs an image: kube-bench by digest, in your own registry"
    targets = value.get("targets", ())
    if isinstance(targets, list | tuple) and "policies" in targets and not value.get("api"):
        yield path, "needs api for the target policies: the ranges of the Kubernetes API, which the pod calls"


SETTINGS: Final[dict[str, Check]] = {
    "access_logs": _optional("the name of a bucket", BUCKET.fullmatch),
    "addons": lambda path, value: each(path, value, one_of(PROFILES)),
    "admin_groups": list_of(group),
    "auto_mode": node_checks.auto_mode,
    "cluster_network_policy": boolean,
    "config_rules": boolean,
    "dns_addresses": list_of(address),
    "exec_group": one_or_more(group),
    "exempt_users": list_of(user),
    "fargate_logs": node_checks.fargate_logs,
    "karpenter": node_checks.karpenter,
    "kube_bench": _kube_bench,
    "mode": one_of(MODES),
    "mutual_tls": boolean,
    "namespaces": list_of(namespace),
    "node_local_dns": boolean,
    "privileged_namespaces": list_of(label),
    "ranges": mapping(LABEL, some_of(open_range), "names and lists of ranges"),
    "rbac_exceptions": list_of(cluster_object),
    "registries": list_of(registry),
    "storage_class": boolean,
    "storage_key": _optional("the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID", KEY.fullmatch),
    "system_namespaces": list_of(label),
}
"""Checks by key of the settings."""


def settings(value: Any) -> Iterator[Problem]:
    """Yield the mistakes in settings."""
    if not isinstance(value, dict):
        yield (), f"needs a mapping with {', '.join(sorted(SETTINGS))}, got {value!r}"
        return
    yield from fields((), value, SETTINGS)
    yield from node_checks.pools_twice(value)
    if value.get("storage_class") and value.get("auto_mode") is not None:
        yield ("storage_class",), "auto_mode already renders a default storage class: leave storage_class out"
    yield from _dns(value)
    names: dict[str, int] = {}
    known = value.get("ranges") if isinstance(value.get("ranges"), dict) else {}
    namespaces = value.get("namespaces")
    for index, entry in enumerate(namespaces if isinstance(namespaces, list | tuple) else ()):
        if not isinstance(entry, dict):
            continue
        name = entry.get("name")
        if isinstance(name, str) and names.setdefault(name, index) != index:
            yield ("namespaces", index, "name"), f"the namespace {name!r} is listed twice: remove one"
        yield from _taken(index, name, value)
        yield from _ranges(index, entry, known or {})


def _dns(value: Mapping[str, Any]) -> Iterator[Problem]:
    spaces = value.get("namespaces") or value.get("addons")
    if spaces and value.get("auto_mode") is not None and not value.get("dns_addresses"):
        yield ("auto_mode",), NO_DNS


def _taken(index: int, name: Any, value: Mapping[str, Any]) -> Iterator[Problem]:
    system = value.get("system_namespaces", SYSTEM_NAMESPACES)
    if name == "default" or (isinstance(system, list | tuple) and name in system):
        yield ("namespaces", index, "name"), f"{name!r} is a system namespace, name one for a team"
    if name == OBSERVABILITY and "fargate_logs" in value:
        yield ("namespaces", index, "name"), f"{name!r} is rendered by fargate_logs, leave it out"


def _ranges(index: int, entry: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Problem]:
    allow = entry.get("allow")
    for number, allowance in enumerate(allow if isinstance(allow, list | tuple) else ()):
        for side in ("from", "to"):
            peer = allowance.get(side) if isinstance(allowance, dict) else None
            if isinstance(peer, dict) and "range" in peer and peer["range"] not in tuple(known):
                named = ", ".join(sorted(map(str, known))) or "none"
                path = ("namespaces", index, "allow", number, side, "range")
                yield path, f"no such range {peer['range']!r} in `ranges`, use one of {named}"
