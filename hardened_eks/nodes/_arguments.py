"""What a node group's arguments must look like; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hardened_eks._kinds import ROLE, SECURITY_GROUP, SUBNET, flag_problems, kind_problems, list_problems
from hardened_eks._tokens import is_literal, is_number_token, is_text_token, is_token
from hardened_eks.data import instances, kubernetes
from hardened_eks.data.kubernetes import Support
from hardened_eks.nodes._settings import OperatingSystem, Scaling, Taint, TaintEffect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.data.instances import InstanceType

_MOST_TYPES = 20
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_PREFIX = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_RESERVED = re.compile(r"(^|\.)(kubernetes|k8s)\.io$")
_SMALLEST_DISK, _LARGEST_DISK = 20, 65_536
_MOST_UNAVAILABLE = 100
_MOST_BEHIND = 3
_RELEASE = re.compile(r"\d+\.\d+\.\d+-[0-9a-z]+")

# (system, architecture, FIPS, NVIDIA) -> AMI type (https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html)
AMI_TYPES = {
    (system, architecture, fips, nvidia): name
    for system, fips, nvidia, pattern in (
        (OperatingSystem.BOTTLEROCKET, False, False, "BOTTLEROCKET_{}"),
        (OperatingSystem.BOTTLEROCKET, True, False, "BOTTLEROCKET_{}_FIPS"),
        (OperatingSystem.BOTTLEROCKET, False, True, "BOTTLEROCKET_{}_NVIDIA"),
        (OperatingSystem.BOTTLEROCKET, True, True, "BOTTLEROCKET_{}_NVIDIA_FIPS"),
        (OperatingSystem.AL2023, False, False, "AL2023_{}_STANDARD"),
        (OperatingSystem.AL2023, False, True, "AL2023_{}_NVIDIA"),
    )
    for architecture, part in (("arm64", "ARM_64"), ("x86_64", "x86_64"))
    for name in [pattern.format(part)]
}


def known_types(names: Sequence[str], *, allow_unlisted: bool) -> list[InstanceType]:
    """Return the types that can be told now: on record, of a family on record, or (opted in) by EC2's naming."""
    found = []
    for name in names:
        if not is_literal(name):
            continue
        kind = instances.known(name) or (instances.by_name(name) if allow_unlisted else None)
        if kind is not None:
            found.append(kind)
    return found


def type_problems(names: object, *, allow_unlisted: bool, allow_plain_transit: bool) -> Iterator[str]:
    """Say what is wrong with the instance types."""
    if isinstance(names, str) or not isinstance(names, list | tuple) or not 1 <= len(names) <= _MOST_TYPES:
        yield f"instance_types needs a list of 1 to {_MOST_TYPES} names such as m7g.large, got {names!r}"
        return
    if any(is_token(name) for name in names):
        yield "instance_types needs names that are known now, since image and architecture follow from them"
        return
    for name in sorted({str(name) for name in names if list(names).count(name) > 1}):
        yield f"instance_types names {name} twice"
    kinds = known_types(names, allow_unlisted=allow_unlisted)
    for name in names:
        if name not in [kind.name for kind in kinds]:
            yield _unknown(name)
    for kind in kinds:
        yield from _unfit(kind, allow_plain_transit=allow_plain_transit)
    architectures = {kind.architectures[0] for kind in kinds}
    if len(architectures) > 1:
        listing = ", ".join(f"{kind.name} is {kind.architectures[0]}" for kind in kinds)
        yield f"instance_types mixes architectures, and a node group has one image: {listing}; make one group for each"


def _unknown(name: object) -> str:
    near = get_close_matches(str(name), instances.names(), n=3)
    hint = f"did you mean {', '.join(near)}? " if near else ""
    return (
        f"instance type {name!r} is not on record ({instances.source()}); {hint}"
        "(for a newer family: allow_unlisted_types=True)"
    )


def _unfit(kind: InstanceType, *, allow_plain_transit: bool) -> Iterator[str]:
    if not kind.nitro:
        yield f"{kind.name} runs on Xen, only Nitro types are allowed: use {', '.join(_alternatives(kind))}"
    elif kind.architectures[0] not in {"arm64", "x86_64"}:
        yield f"{kind.name} is a {kind.architectures[0]} machine, EKS has no image for it"
    elif not kind.encryption_in_transit and not allow_plain_transit:
        yield (
            f"{kind.name} does not encrypt traffic between instances: use {', '.join(_alternatives(kind))} "
            "(or accept it with allow_unencrypted_transit=True)"
        )


def _alternatives(kind: InstanceType) -> list[str]:
    """Name current types of the same class and size that encrypt in transit, newest first."""
    letter, size = kind.name[0], kind.name.split(".", 1)[1]
    fitting = [
        other
        for name in instances.names()
        if name.startswith(letter)
        and name.endswith("." + size)
        and (other := instances.lookup(name)) is not None
        and other.nitro
        and other.encryption_in_transit
        and set(other.architectures) & {*kind.architectures, "arm64"}
    ]
    fitting.sort(key=lambda other: (-int(next(iter(re.findall(r"\d+", other.name)), "0")), len(other.name), other.name))
    return [other.name for other in fitting[:3]] or ["m7g.large", "m7i.large"]


def image_problems(kinds: Sequence[InstanceType], system: object, *, fips: bool, nvidia: bool) -> Iterator[str]:
    """Say why there is no image for the choice."""
    if system not in tuple(OperatingSystem):
        yield f"operating_system needs one of {', '.join(OperatingSystem)}, got {system!r}"
        return
    if fips and system == OperatingSystem.AL2023:
        yield "fips=True needs operating_system=BOTTLEROCKET: EKS has no FIPS image of AL2023"
    if nvidia and any(not kind.gpu for kind in kinds if kind.vcpus):
        without = ", ".join(kind.name for kind in kinds if not kind.gpu)
        yield f"nvidia=True needs types with an NVIDIA GPU such as g6.xlarge or p5.48xlarge, got {without}"
    if not nvidia and any(kind.gpu == "NVIDIA" for kind in kinds):
        yield f"{', '.join(k.name for k in kinds if k.gpu)} has an NVIDIA GPU: pass nvidia=True to get the drivers"


def label_problems(labels: Mapping[str, str], taints: Sequence[Taint]) -> Iterator[str]:
    """Say what is wrong with labels and taints."""
    if isinstance(labels, Mapping):
        for key, value in labels.items():
            yield from _key_problems("labels", key)
            yield from _value_problems("label", key, value)
    else:
        yield f"labels needs a mapping of texts to texts, got {labels!r}"
    if not isinstance(taints, list | tuple) or not all(isinstance(taint, Taint) for taint in taints):
        yield f"taints needs a list of Taint, got {taints!r}"
        return
    for taint in taints:
        yield from _key_problems("taints", taint.key)
        yield from _value_problems("taint", taint.key, taint.value)
        if taint.effect not in tuple(TaintEffect):
            yield f"taint {taint.key!r} needs one of {', '.join(TaintEffect)}, got {taint.effect!r}"
    seen = [(str(taint.key), str(taint.effect)) for taint in taints]
    for key, effect in sorted({pair for pair in seen if seen.count(pair) > 1}):
        yield f"taint {key!r} has the effect {effect} twice"


def _value_problems(what: str, key: object, value: object) -> Iterator[str]:
    if not isinstance(value, str) or (value and not is_text_token(value) and not _LABEL.fullmatch(value)):
        yield f"{what} {key!r} needs up to 63 letters, digits, '-', '_' or '.', got {value!r}"


def _key_problems(what: str, key: object) -> Iterator[str]:
    prefix, slash, name = str(key).rpartition("/")
    if not isinstance(key, str) or not _LABEL.fullmatch(name) or (slash and not _PREFIX.fullmatch(prefix)):
        yield f"{what} needs keys such as team or example.com/team, got {key!r}"
    elif _RESERVED.search(prefix) and not prefix.startswith(("node.", "kubelet.")):
        yield f"{what} has the key {key!r}, whose prefix is Kubernetes' own: nodes may not set it, use yours"


def kinds(*, scaling: object, subnets: object, role: object, security_group: object, **flags: object) -> Iterator[str]:
    """Say which arguments are of the wrong kind."""
    if scaling is not None and not isinstance(scaling, Scaling):
        yield f"scaling needs a Scaling, got {scaling!r}"
    if subnets is not None:
        yield from list_problems(SUBNET, subnets=subnets)
        if isinstance(subnets, list | tuple) and not subnets:
            yield "subnets needs at least one subnet, got []: leave it out for the network's node subnets"
    yield from kind_problems(ROLE, role=role)
    yield from kind_problems(SECURITY_GROUP, security_group=security_group)
    yield from flag_problems(**flags)


def version_problems(
    version: object, release_version: object, cluster_version: object, operating_system: object
) -> Iterator[str]:
    """Say what is wrong with the versions of Kubernetes and of the image.

    Source: https://kubernetes.io/releases/version-skew-policy/#kubelet

    Args:
        version: of the nodes.
        release_version: of the image.
        cluster_version: of the control plane, where it is known.
        operating_system: of the image; releases of AL2023 say their version of Kubernetes.
    """
    release = "" if release_version is None or is_text_token(release_version) else str(release_version)
    if release_version == "" or (release and not _RELEASE.fullmatch(release)):
        examples = "'1.50.0-0a1b2c3d' (Bottlerocket) or '1.36.0-20261101' (AL2023)"
        yield f"release_version needs a release such as {examples}, got {release_version!r}"
    name, given = "version", version
    if version is None and operating_system == OperatingSystem.AL2023:
        name, given = "release_version", release
        version = kubernetes.version_of_release(release)
    if version is None or is_text_token(version):
        return
    standing = kubernetes.support(version) if isinstance(version, str) else Support.UNKNOWN
    if standing in {Support.UNKNOWN, Support.ENDED}:
        offered = ", ".join(kubernetes.supported())
        yield f"{name} needs a Kubernetes version that Amazon EKS supports, got {given!r}; supported are {offered}"
    elif is_literal(cluster_version) and cluster_version in kubernetes.VERSIONS:
        behind = _minor(cluster_version) - _minor(str(version))
        if not 0 <= behind <= _MOST_BEHIND:
            yield (
                f"{name} needs the cluster's version {cluster_version} or up to {_MOST_BEHIND} before it, got {given!r}"
            )


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def size_problems(disk_gib: object, max_unavailable: object) -> Iterator[str]:
    """Say what is wrong with the disk's size and the pace of updates."""
    if not is_number_token(disk_gib) and (
        not isinstance(disk_gib, int) or isinstance(disk_gib, bool) or not _SMALLEST_DISK <= disk_gib <= _LARGEST_DISK
    ):
        yield f"disk_gib needs {_SMALLEST_DISK} to {_LARGEST_DISK} GiB, got {disk_gib!r}"
    if not is_number_token(max_unavailable) and (
        not isinstance(max_unavailable, int)
        or isinstance(max_unavailable, bool)
        or not 1 <= max_unavailable <= _MOST_UNAVAILABLE
    ):
        yield f"max_unavailable needs 1 to {_MOST_UNAVAILABLE} nodes, got {max_unavailable!r}"
