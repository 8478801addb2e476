"""Requirements, and the benchmarks, standards and tools that contain them, separate from the checks.

A new benchmark version changes `requirements.json` and nothing else. All 337 requirements are included; those that no
template can show name the responsible party and the reason.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG: Final = "config"
"""The framework of AWS Config's own identifiers of managed rules."""
OWN: Final = "seed"
"""The framework of the documents that this project started from, which readers do not know."""
# The name of a mapped standard in the sources -> the framework ID.
_MAPPED = {
    "NIST.800-53.r5": "nist-800-53-r5",
    "NIST.800-53.r4": "nist-800-53-r4",
    "NIST.800-171.r2": "nist-800-171-r2",
    "PCI DSS v4.0.1": "pci-dss-4.0.1",
    "PCI DSS v4.0": "pci-dss-4.0",
    "PCI DSS v3.2.1": "pci-dss-3.2.1",
    "HIPAA": "hipaa",
    "ISO27001:2022": "iso-27001-2022",
    "SOC2": "soc2",
}
_STANDARDS = {
    "nist-800-53-r5": ("NIST SP 800-53", "Rev. 5"),
    "nist-800-53-r4": ("NIST SP 800-53", "Rev. 4"),
    "nist-800-171-r2": ("NIST SP 800-171", "Rev. 2"),
    "pci-dss-4.0.1": ("PCI DSS", "4.0.1"),
    "pci-dss-4.0": ("PCI DSS", "4.0"),
    "pci-dss-3.2.1": ("PCI DSS", "3.2.1"),
    "hipaa": ("HIPAA Security Rule", ""),
    "iso-27001-2022": ("ISO/IEC 27001", "2022"),
    "soc2": ("SOC 2", ""),
}
STANDARDS: Final = frozenset({*_STANDARDS, "cis-eks", "cis-eks-2.0.0"})
"""IDs of the frameworks that auditors assess; the others are tools and guides."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A benchmark, standard or tool with requirements."""

    id: str
    """The name on the command line: ``cis-eks``."""
    title: str
    version: str
    """The version; empty if the source has none."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One canonical requirement."""

    key: str
    """``area.topic``, for example ``eks.endpoint.private_only``."""
    title: str
    tier: str
    """The tier: core, module, cluster, account, aws or process."""
    severity: str
    references: Mapping[str, tuple[str, ...]]
    """Framework ID -> its IDs for the requirement."""
    party: str
    """The party that covers it if no template can: AWS, account, in-cluster or process. Empty for templates."""
    reason: str
    """The reason why no template can show it. Empty for template requirements."""
    rest: str
    """The part that its controls, detections and Config rules do not cover, in sentences. Empty: none."""
    pages: tuple[str, ...]
    """Pages below ``docs/`` that explain how to meet it, with an anchor if needed."""
    replaced: str
    """The replacement for outdated advice of a source. Empty: the advice is current."""

    @property
    def not_covered(self) -> str:
        """The sentence that reports show for `rest`; empty if everything is covered."""
        return f"Not covered: {self.rest}" if self.rest else ""


@functools.cache
def requirements() -> Mapping[str, Requirement]:
    """Return all requirements by key."""
    return {entry["key"]: _requirement(entry) for entry in _data()["requirements"]}


@functools.cache
def frameworks() -> Mapping[str, Framework]:
    """Return all frameworks by ID."""
    known = {id_: Framework(id_, title, version) for id_, (title, version) in _data()["frameworks"].items()}
    return known | {id_: Framework(id_, title, version) for id_, (title, version) in _STANDARDS.items()}


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_files.text("requirements.json", __name__))
    return data


def _requirement(entry: dict[str, Any]) -> Requirement:
    references: dict[str, list[str]] = defaultdict(list)
    for framework, ids in entry["satisfies"].items():
        references[framework] += ids
    for mapped in entry["maps_to"]:
        standard = next((s for s in sorted(_MAPPED, key=len, reverse=True) if mapped.startswith(s)), None)
        if standard is not None:
            references[_MAPPED[standard]].append(mapped.removeprefix(standard).strip(" /"))
    return Requirement(
        key=entry["key"],
        title=entry["title"],
        tier=entry["tier"],
        severity=entry["severity"],
        references={framework: tuple(ids) for framework, ids in references.items()},
        party=entry.get("party", ""),
        reason=entry.get("reason", ""),
        rest=entry.get("rest", ""),
        pages=tuple(entry.get("pages", ())),
        replaced=entry.get("replaced", ""),
    )
