"""EC2 instance types from EC2, read on first use, with the source in ``instance_types.json``.

``instances_named.json`` has the names of additional types that EC2 did not describe. ``instance_regions.json``, which
``tools/instance_regions.py`` writes, lists the types that the price list of a Region lacks.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.data._files import document, entry, head

_TYPES: Final = "instance_types.json"
_REGIONS: Final = "instance_regions.json"
_NAME = regex(r"(?P<family>[a-z][a-z0-9-]*)\.(?P<size>[a-z0-9-]+)")
_SIZE = regex(r"nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?")
_GRAVITON = regex(r"[a-z]+\d+g[a-z]*(-[a-z]+)?|a1|im4gn|is4gen")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """The facts about an instance type that node groups need."""

    name: str
    hypervisor: str
    """``nitro``, ``xen``, or ``none`` for bare metal (which is Nitro as well)."""
    bare_metal: bool
    architectures: tuple[str, ...]
    """``x86_64``, ``arm64`` (macOS types: ``x86_64_mac``, ``arm64_mac``)."""
    encryption_in_transit: bool
    """Whether the hardware encrypts traffic between instances of such types."""
    gpu: str
    """The GPU manufacturer; empty without a GPU."""
    vcpus: int
    """0 if not known."""
    memory_mib: int
    """0 if not known."""
    efa: tuple[int, int] | None = None
    """The first network card that supports an Elastic Fabric Adapter, and the number of such cards: (0, 0) without any.
    None if not known, for sizes and families that are newer than the data."""

    @property
    def efa_cards(self) -> int | None:
        """The number of network cards that support an Elastic Fabric Adapter; None if not known."""
        return None if self.efa is None else self.efa[1]

    @property
    def nitro(self) -> bool:
        """Return whether the type runs on the Nitro System."""
        return self.hypervisor != "xen"


@cache
def lookup(name: str) -> InstanceType | None:
    """Return an instance type, or None if EC2 did not have it when the data was read."""
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    family = entry(_TYPES, "families", match["family"]) if match else None
    size = family["sizes"].get(match["size"]) if match and family else None
    if match is None or family is None or size is None:
        return None
    vcpus, memory, *own = size
    facts = {**family, **(own[0] if own else {})}
    return _make(name, facts, vcpus, memory, efa=facts.get("efa"))


def known(name: str) -> InstanceType | None:
    """Return the facts about a known type, or a new size of a known family, for node groups and controls."""
    return lookup(name) or by_family(name)


def by_family(name: str) -> InstanceType | None:
    """Return the facts about a size that is newer than the data, from those that all sizes of its family share.

    The result is None for a new family, and for an invalid size.
    """
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    family = entry(_TYPES, "families", match["family"]) if match else None
    if match is None or family is None or not _SIZE.fullmatch(match["size"]):
        return None
    metal = match["size"].startswith("metal")
    return _make(name, {**family, "metal": metal, "hypervisor": "none" if metal else family["hypervisor"]}, 0, 0)


def by_name(name: str) -> InstanceType | None:
    """Return the facts about a type of a new family, from the naming of EC2, or None for an invalid name.

    A ``g`` right after the generation is Graviton, arm64
    (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html). Nitro is assumed, as AWS states for
    all types launched since 2018 (re:Invent 2025, CMP359). Encryption in transit is assumed as well, which every known
    family has since the seventh generation.
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
    """Return the facts that the virtual machines of a family share, or None if the family is not known."""
    return by_family(f"{name}.large") if isinstance(name, str) else None


@cache
def families() -> tuple[str, ...]:
    """Return every known family."""
    return tuple(document(_TYPES)["families"])


@cache
def names() -> tuple[str, ...]:
    """Return every known type."""
    return tuple(
        f"{family}.{size}" for family, facts in document(_TYPES)["families"].items() for size in facts["sizes"]
    )


@cache
def _named() -> dict[str, Any]:
    named: dict[str, Any] = document("instances_named.json")
    return named


def named(name: str) -> bool:
    """Return whether only the name of a type is known, which does not include retired types."""
    return any(name in _named()[group] for group in ("offered", "by_agreement", "price_list"))


def retired(name: str) -> date | None:
    """Return the date since which EC2 no longer launches a type, or None if there is no such date."""
    day = _named()["retired"].get(name)
    return date.fromisoformat(day) if day else None


@cache
def _lacks(region: str) -> frozenset[str]:
    return frozenset(entry(_REGIONS, "lacks", region) or ())


def lacked(name: str, region: str) -> bool:
    """Return whether the price list of a Region lacks a type that the list of another Region contains.

    Args:
        name: the type, such as ``m7g.large``. A type that no price list contains is not known, and not lacking.
        region: the Region; an unknown Region lacks nothing.
    """
    lacks = _lacks(region)
    return name in lacks or name.split(".", maxsplit=1)[0] in lacks


def price_list_read() -> date:
    """Return the date on which the price lists were read."""
    return date.fromisoformat(head(_REGIONS, "read"))


def new_family(name: str) -> bool:
    """Return whether a string is an instance type of an unknown family, which is newer than the data or invalid."""
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    if match is None or not _SIZE.fullmatch(match["size"]) or not any(c.isdigit() for c in match["family"]):
        return False
    listed = {
        other.split(".")[0]
        for group in ("offered", "by_agreement", "price_list", "retired")
        for other in _named()[group]
    }
    return entry(_TYPES, "families", match["family"]) is None and match["family"] not in listed


def source() -> str:
    """Return the source of the data, and the date it was read."""
    return f"{head(_TYPES, 'source')}, read {head(_TYPES, 'read')}"


@cache
def with_efa(cards: int = 1) -> tuple[str, ...]:
    """Return every known type that supports so many Elastic Fabric Adapters, those with the fewest first."""
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
        # Sizes differ: only the largest of a family may have adapters.
        efa=None if efa is None else (efa[0], efa[1]) if efa else (0, 0),
    )
