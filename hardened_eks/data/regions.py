"""Names of Regions, and features that some of them lack.

``tools/regions.py`` writes ``regions.json`` from packages, ``regions_read.json`` is maintained by hand from documents,
and ``hardened-eks data refresh --only regions`` writes ``regions_told.json`` from EC2; each file has its sources. Facts
that no file contains are not known: neither present nor absent.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from hardened_eks._patterns import regex
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = regex(r"[a-z]{2,4}(-[a-z]{2,4})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]")


_GENERATED: Mapping[str, Any] = _files.document("regions.json")
_BY_HAND: Mapping[str, Any] = _files.document("regions_read.json")

RELEASED: Mapping[str, str] = {
    region: partition for partition, regions in _GENERATED["partitions"].items() for region in regions
}
"""Every Region that other data of this package may contain, with its partition."""


def _with(told: Mapping[str, str]) -> Mapping[str, str]:
    """Return the Regions of the packages, and additional ones from EC2."""
    return {**told, **RELEASED}


PARTITIONS: Mapping[str, str] = _with(_files.document("regions_told.json")["regions"])
"""Every known Region, with its partition."""

ZONES: Mapping[str, int] = _BY_HAND["zones"]["values"]
"""The number of Availability Zones of a new account, by Region."""

REFUSED_ZONES: Mapping[str, str] = _BY_HAND["refused_zones"]["values"]
"""The zone ID in which EKS does not support control planes, by Region."""


def plausible(name: str) -> bool:
    """Return whether a Region may have this name, now or later, by its format.

    Source: the Regions in endpoints.json of botocore, for all partitions; a test compares them.
    """
    return _NAME.fullmatch(name) is not None


def nearest(name: str) -> tuple[str, ...]:
    """Return at most three known Regions with the most similar names."""
    near = difflib.get_close_matches(name, PARTITIONS, n=len(PARTITIONS))
    ordered = sorted(near, key=lambda known: (-difflib.SequenceMatcher(None, known, name).ratio(), known))
    return tuple(ordered[:3])  # of equally near ones, difflib itself returns the last


def without(type_: str) -> tuple[str, ...]:
    """Return the Regions in which CloudFormation is known to lack a type.

    Args:
        type_: a type that ``tools/regions.py`` lists, such as ``AWS::ECR::SigningConfiguration``.
    """
    return tuple(_GENERATED["without"][type_])


def lacking(region: str, type_: str, *, needed_by: str, instead: str) -> Iterator[str]:
    """Yield that CloudFormation is known to lack a type in a Region.

    Args:
        region: the name of the Region.
        type_: a type that ``tools/regions.py`` lists.
        needed_by: the argument or construct that needs the type.
        instead: what to do without it.
    """
    if region in without(type_):
        yield f"{needed_by} needs {type_}, which CloudFormation may not support in {region}: {instead}"


def lacks_endpoint(service: str, region: str) -> bool:
    """Return whether a Region is known to have no interface endpoint for a service.

    Args:
        service: the short name, for example ``eks``.
        region: the name of the Region.
    """
    return service in _BY_HAND["without_privatelink"]["values"].get(region, ())


def patch_buckets(region: str) -> tuple[str, str] | None:
    """Return the names of the two Patch Manager buckets in a Region, or None if they are not known.

    Args:
        region: the name of the Region.
    """
    suffixes = _BY_HAND["patch_buckets"]["values"].get(region)
    if suffixes is None:
        return None
    manager, baseline = suffixes
    return (
        f"aws-patch-manager-{region}-{manager}",
        f"patch-baseline-snapshot-{region}" + (f"-{baseline}" if baseline else ""),
    )
