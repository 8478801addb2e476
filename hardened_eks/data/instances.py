"""EC2 instance types, from EC2's own answers; pure, read on first use, with the source in ``instance_types.json``.

``instances_named.json`` has the names of further types, of which EC2's answer said nothing; ``instance_regions.json``,
which ``tools/instance_regions.py`` writes, what the price list of a region lacks.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass

_NAME = regex(r"(?P<family>[a-z][a-z0-9-]*)\.(?P<size>[a-z0-9-]+)")
_SIZE = regex(r"nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?")
_GRAVITON = regex(r"[a-z]+\d+g[a-z]*(-[a-z]+)?|a1|im4gn|is4gen")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """What a node group must know of an instance type."""

    name: str
    hypervisor: str
    """``nitro``, ``xen``, or ``none`` for bare metal (which is Nitro as well)."""
    bare_metal: bool
    architectures: tuple[str, ...]
    """``x86_64``, ``arm64`` (macOS types: ``x86_64_mac``, ``arm64_mac``)."""
    encryption_in_transit: bool
    """Whether traffic between instances of such types is encrypted by the hardware."""
    gpu: str
    """Manufacturer, empty without one."""
    vcpus: int
    """0 where not known."""
    memory_mib: int
    """0 where not known."""
    efa: tuple[int, int] | None = None
    """The first network card that takes an Elastic Fabric Adapter, and on how many cards there may be one: (0, 0)
    without any. None where not known: of sizes and families that are newer than the data."""

    @property
    def efa_cards(self) -> int | None:
        """On how many network cards there may be an Elastic Fabric Adapter; None where not known."""
        return None if self.efa is None else self.efa[1]

    @property
    def nitro(self) -> bool:
        """Return whether the type runs on the Nitro system."""
        return self.hypervisor != "xen"


@cache
def _document() -> dict[str, Any]:
    text = files("hardened_eks.data").joinpath("instance_types.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def lookup(name: str) -> InstanceType | None:
    """Return an instance type, None where EC2 did not have it when the data was read."""
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    family = _document()["families"].get(match["family"]) if match else None
    entry = family["sizes"].get(match["size"]) if match and family else None
    if match is None or family is None or entry is None:
        return None
    vcpus, memory, *own = entry
    facts = {**family, **(own[0] if own else {})}
    return _make(name, facts, vcpus, memory, efa=facts.get("efa"))


def known(name: str) -> InstanceType | None:
    """Describe a type that is known, or a new size of a family that is: what node groups and controls go by."""
    return lookup(name) or by_family(name)


def by_family(name: str) -> InstanceType | None:
    """Describe a size that is newer than the data by what all sizes of its family share.

    None for a new family, and for what EC2 does not name a size.
    """
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    family = _document()["families"].get(match["family"]) if match else None
    if match is None or family is None or not _SIZE.fullmatch(match["size"]):
        return None
    metal = match["size"].startswith("metal")
    return _make(name, {**family, "metal": metal, "hypervisor": "none" if metal else family["hypervisor"]}, 0, 0)


def by_name(name: str) -> InstanceType | None:
    """Describe a type of a family that is newer than the data by EC2's naming; None when it is not a type's name.

    A ``g`` right after the generation is Graviton, arm64
    (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html). Nitro is assumed, as AWS states for
    all types launched since 2018 (re:Invent 2025, CMP359), and encryption in transit, which every known family from
    the seventh generation on has.
    """
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        return None
    architecture = "arm64" if _GRAVITON.fullmatch(match["family"]) else "x86_64"
    facts = {
        "hypervisor": "nitro",
        "metal": match["size"].startswith("metal"),
        "architectures": [architecture],
        "encrypted": True,
        "gpu": "",
    }
    return _make(name, facts, 0, 0)


def family(name: str) -> InstanceType | None:
    """Describe what the virtual machines of a family share, by its name alone; None where it is not known."""
    return by_family(f"{name}.large") if isinstance(name, str) else None


@cache
def families() -> tuple[str, ...]:
    """Every known family."""
    return tuple(_document()["families"])


@cache
def names() -> tuple[str, ...]:
    """Every known type."""
    return tuple(f"{family}.{size}" for family, facts in _document()["families"].items() for size in facts["sizes"])


@cache
def _named() -> dict[str, Any]:
    text = files("hardened_eks.data").joinpath("instances_named.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def named(name: str) -> bool:
    """Return whether a type is known by its name only: no fact about it is known. A retired one is not."""
    return any(name in _named()[group] for group in ("offered", "by_agreement", "price_list"))


def retired(name: str) -> date | None:
    """Return the day from which EC2 launches no instance of a type; None where no such day is known."""
    day = _named()["retired"].get(name)
    return date.fromisoformat(day) if day else None


@cache
def _regions() -> dict[str, Any]:
    text = files("hardened_eks.data").joinpath("instance_regions.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _lacks(region: str) -> frozenset[str]:
    return frozenset(_regions()["lacks"].get(region, ()))


def lacked(name: str, region: str) -> bool:
    """Return whether the price list of a region lacks a type that another region's has.

    Args:
        name: ``m7g.large``. A type that no price list has is not known, and not lacked.
        region: one of which nothing is known lacks nothing.
    """
    lacks = _lacks(region)
    return name in lacks or name.split(".", maxsplit=1)[0] in lacks


def price_list_read() -> date:
    """Return the day on which the price lists were read."""
    return date.fromisoformat(_regions()["read"])


def new_family(name: str) -> bool:
    """Return whether a string names an instance type of a family that is not known: newer than the data, or wrong."""
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    if match is None or not _SIZE.fullmatch(match["size"]) or not any(c.isdigit() for c in match["family"]):
        return False
    listed = {
        other.split(".")[0]
        for group in ("offered", "by_agreement", "price_list", "retired")
        for other in _named()[group]
    }
    return match["family"] not in _document()["families"] and match["family"] not in listed


def source() -> str:
    """Return where the data comes from, and when it was read."""
    return f"{_document()['source']}, read {_document()['read']}"


@cache
def with_efa(cards: int = 1) -> tuple[str, ...]:
    """Every known type that takes so many Elastic Fabric Adapters, those with the fewest first."""
    fitting = [(kind.efa_cards, name) for name in names() if (kind := lookup(name)) and (kind.efa_cards or 0) >= cards]
    return tuple(name for _, name in sorted(fitting))


def _make(name: str, facts: dict[str, Any], vcpus: int, memory: int, *, efa: list[int] | None = None) -> InstanceType:
    return InstanceType(
        name=name,
        hypervisor=facts["hypervisor"],
        bare_metal=facts["metal"],
        architectures=tuple(facts["architectures"]),
        encryption_in_transit=facts["encrypted"],
        gpu=facts["gpu"],
        vcpus=vcpus,
        memory_mib=memory,
        # A size has its own: the largest of a family alone may have adapters.
        efa=None if efa is None else (efa[0], efa[1]) if efa else (0, 0),
    )
