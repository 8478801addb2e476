"""What a cluster's arguments must look like."""

from __future__ import annotations

import re
from datetime import date, datetime
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from hardened_eks._kinds import KEYS, LOG_GROUP, NETWORK, ROLE, VPC, flag_problems, kind_problems
from hardened_eks._tokens import is_literal, is_number_token, is_text_token, is_token
from hardened_eks.addons import AddonOptions
from hardened_eks.cluster._settings import ControlPlaneEgress, KubeApiServer
from hardened_eks.data import kubernetes
from hardened_eks.data.kubernetes import Support
from hardened_eks.data.retention import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
LONGEST_NAME = 100
PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
LARGEST_SERVICE_RANGE, SMALLEST_SERVICE_RANGE = 12, 24


def derived_name(*parts: str) -> str:
    """Make a cluster name of the names of the stack and the constructs around it: at most 100 characters, stable."""
    full = "-".join(re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-") for part in parts if part)
    full = full.lstrip("_-") or "cluster"
    if len(full) <= LONGEST_NAME:
        return full
    return f"{full[: LONGEST_NAME - 9]}-{digest(full)}"


def digest(text: str) -> str:
    """Return eight hexadecimal digits that tell texts apart."""
    from hashlib import sha256  # OpenSSL takes 3 ms to load, and few clusters need it

    return sha256(text.encode()).hexdigest()[:8]


def name_problems(name: object) -> Iterator[str]:
    """Say what is wrong with a cluster's name."""
    if is_text_token(name):
        return
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield (
            "name needs 1 to 100 letters, digits, '-' or '_', the first a letter or digit "
            f"(it cannot be changed later), got {name!r}"
        )


def version_problems(version: object, today: date | None) -> Iterator[str]:
    """Say what is wrong with a Kubernetes version."""
    if is_text_token(version):
        return
    today = today if _is_day(today) else None
    offered = ", ".join(kubernetes.supported(today))
    standing = kubernetes.support(version, today) if isinstance(version, str) else Support.UNKNOWN
    if standing is Support.UNKNOWN:
        yield (
            f"version needs a Kubernetes version that Amazon EKS supports, a text such as '1.36', got {version!r}; "
            f"supported are {offered}"
        )
    elif standing in {Support.EXTENDED, Support.ENDED}:
        end = kubernetes.VERSIONS[str(version)].end_of_standard_support
        yield f"standard support of Kubernetes {version} ended on {end}; supported are {offered}"


def version_warning(version: str, today: date | None) -> str | None:
    """Say that the version's support ends soon, or nothing."""
    if kubernetes.support(version, today) is not Support.ENDS_SOON:
        return None
    end = kubernetes.VERSIONS[version].end_of_standard_support
    newer = [name for name in kubernetes.supported(today) if _number(name) > _number(version)]
    way_out = f"upgrade to {newer[0]}" if newer else "upgrade as soon as a newer version is offered"
    return f"standard support of Kubernetes {version} ends on {end}, then EKS upgrades the cluster by itself: {way_out}"


def retention_problems(days: object) -> Iterator[str]:
    """Say what is wrong with a log retention."""
    if is_number_token(days):
        return
    if days not in DAYS or isinstance(days, bool):
        allowed = ", ".join(map(str, DAYS))
        yield f"log_retention_days needs a number of days that CloudWatch Logs has ({allowed}), got {days!r}"


def log_group_problems(given: object, cluster_name: str) -> Iterator[str]:
    """Say what is wrong with the name of an existing log group."""
    wanted = f"/aws/eks/{cluster_name}/cluster"
    if is_literal(given) and not is_token(cluster_name) and given != wanted:
        yield f"log_group needs to be named '{wanted}', where EKS writes, got '{given}'"


def service_cidr_problems(service_cidr: object, taken: Iterable[str]) -> Iterator[str]:
    """Say what is wrong with the range of the services' addresses.

    Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
    """
    if service_cidr is None or is_text_token(service_cidr):
        return
    try:
        block = IPv4Network(service_cidr if isinstance(service_cidr, str) else "")
    except ValueError:
        yield f"service_cidr needs an IPv4 block such as '172.20.0.0/16', got {service_cidr!r}"
        return
    if not any(block.subnet_of(private) for private in PRIVATE):
        yield f"service_cidr needs a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, got '{block}'"
    if not LARGEST_SERVICE_RANGE <= block.prefixlen <= SMALLEST_SERVICE_RANGE:
        yield f"service_cidr needs a block from /12 to /24, got '{block}'"
    for other in taken:
        if is_literal(other) and _overlaps(block, other):
            yield f"service_cidr '{block}' overlaps '{other}' of the network: choose one that no network of yours uses"


def _overlaps(block: IPv4Network, other: str) -> bool:
    try:
        return block.overlaps(IPv4Network(other, strict=False))
    except ValueError:
        return False  # the network's own arguments are checked there


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)  # the two cannot be compared


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def kind_of_problems(
    *, network: object, vpc: object, keys: object, role: object, log_group: object, today: object, **flags: object
) -> Iterator[str]:
    """Say which arguments are of the wrong kind."""
    yield from kind_problems(NETWORK, network=network)
    yield from kind_problems(VPC, vpc=vpc)
    yield from kind_problems(KEYS, keys=keys)
    yield from kind_problems(ROLE, role=role)
    yield from kind_problems(LOG_GROUP, log_group=log_group)
    yield from flag_problems(**flags)
    if today is not None and not _is_day(today):
        yield f"today needs a datetime.date, got {today!r}"


def choice_problems(egress: object, api_server: object, addons: object) -> Iterator[str]:
    """Say which of the chosen objects are of the wrong kind."""
    if egress not in tuple(ControlPlaneEgress):
        yield f"control_plane_egress needs one of {', '.join(map(repr, map(str, ControlPlaneEgress)))}, got {egress!r}"
    if api_server is not None and not isinstance(api_server, KubeApiServer):
        yield f"api_server needs a KubeApiServer, got {api_server!r}"
    if addons is not None and not isinstance(addons, AddonOptions):
        yield f"addons needs AddonOptions, got {addons!r}"
