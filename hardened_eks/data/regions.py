"""What regions are called, and what some of them lack; pure.

``regions.json`` is written by ``tools/regions.py`` from packages, ``regions_read.json`` by hand from documents,
``regions_told.json`` by ``hardened-eks data refresh --only regions`` from EC2; each has its sources. What none says is
not known: neither present nor absent.
"""

from __future__ import annotations

import difflib
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hardened_eks._patterns import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = regex(r"[a-z]{2,4}(-[a-z]{2,4})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]")


def _read(name: str) -> Any:
    return json.loads(files("hardened_eks.data").joinpath(name).read_text("utf-8"))


_GENERATED: Mapping[str, Any] = _read("regions.json")
_BY_HAND: Mapping[str, Any] = _read("regions_read.json")

RELEASED: Mapping[str, str] = {
    region: partition for partition, regions in _GENERATED["partitions"].items() for region in regions
}
"""Every region that other data of this package may speak of, with its partition."""


def _with(told: Mapping[str, str]) -> Mapping[str, str]:
    """Return the regions of the packages and those that EC2 told of besides."""
    return {**told, **RELEASED}


PARTITIONS: Mapping[str, str] = _with(_read("regions_told.json")["regions"])
"""Every known region, with its partition."""

ZONES: Mapping[str, int] = _BY_HAND["zones"]["values"]
"""How many Availability Zones a new account gets, by region."""

REFUSED_ZONES: Mapping[str, str] = _BY_HAND["refused_zones"]["values"]
"""Zone id in which EKS refuses the control plane, by region."""


def plausible(name: str) -> bool:
    """Return whether a region may have this name, now or later: a place, a partition's mark, a direction, a number.

    Source: the regions of botocore's endpoints.json, all partitions; a test compares.
    """
    return _NAME.fullmatch(name) is not None


def nearest(name: str) -> tuple[str, ...]:
    """Return the known regions, three at most, whose names are nearest to one."""
    near = difflib.get_close_matches(name, PARTITIONS, n=len(PARTITIONS))
    ordered = sorted(near, key=lambda known: (-difflib.SequenceMatcher(None, known, name).ratio(), known))
    return tuple(ordered[:3])  # of equally near ones difflib itself takes the last


def without(type_: str) -> tuple[str, ...]:
    """Return the regions in which CloudFormation is known to lack a type.

    Args:
        type_: one of those that ``tools/regions.py`` names, such as ``AWS::ECR::SigningConfiguration``.
    """
    return tuple(_GENERATED["without"][type_])


def lacks_endpoint(service: str, region: str) -> bool:
    """Return whether a region is known to have no interface endpoint of a service.

    Args:
        service: short name, for example ``eks``.
        region: a region's name.
    """
    return service in _BY_HAND["without_privatelink"]["values"].get(region, ())


def patch_buckets(region: str) -> tuple[str, str] | None:
    """Return the names of Patch Manager's two buckets in a region; None where they are not known.

    Args:
        region: a region's name.
    """
    suffixes = _BY_HAND["patch_buckets"]["values"].get(region)
    if suffixes is None:
        return None
    manager, baseline = suffixes
    return (
        f"aws-patch-manager-{region}-{manager}",
        f"patch-baseline-snapshot-{region}" + (f"-{baseline}" if baseline else ""),
    )


PATCH_BUCKET_REGIONS: tuple[str, ...] = tuple(_BY_HAND["patch_buckets"]["values"])
"""Regions whose Patch Manager buckets are known."""
