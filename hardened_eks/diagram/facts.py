"""The content of a diagram as data; unknown values are marked as such."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from hardened_eks.reports.model import clean


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes or Fargate profiles on which pods run."""

    name: str
    kind: str
    """``managed nodes``, ``self-managed nodes`` or ``Fargate``."""
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A control plane with its add-ons and nodes."""

    name: str
    details: tuple[str, ...]
    addons: tuple[str, ...]
    nodes: tuple[Nodes, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """The subnets of one kind."""

    name: str
    subnets: tuple[str, ...]
    """The zone and range of each subnet."""


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC."""

    name: str
    range: str
    ways_out: tuple[str, ...]
    watched: tuple[str, ...]
    """The flow logs and the DNS firewall."""
    tiers: tuple[Tier, ...]
    endpoints: tuple[str, ...]
    """The services that have an endpoint."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Traffic that security groups allow."""

    source: str
    target: str
    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key."""

    name: str
    rotates: str
    """``rotates``, ``does not rotate``, ``rotation not known``, or ``rotates like its primary key``."""
    encrypts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """The principals that may assume a role."""

    role: str
    takers: tuple[str, ...]
    conditions: tuple[str, ...]
    """The condition keys in lower case."""


@dataclass(frozen=True, slots=True)
class Record:
    """A log group."""

    name: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole content of a diagram."""

    clusters: tuple[Cluster, ...]
    networks: tuple[Network, ...]
    talks: tuple[Talk, ...]
    keys: tuple[Key, ...]
    trusts: tuple[Trust, ...]
    records: tuple[Record, ...]
    not_seen: tuple[str, ...] = ()
    """The parts of the templates that could not be read, and the reasons."""

    def as_json(self) -> dict[str, Any]:
        """Return the facts as plain data, without control characters."""
        return dataclasses.asdict(self, dict_factory=_cleaned)


def _cleaned(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: clean(value) if isinstance(value, str) else _clean_items(value) for name, value in fields}


def _clean_items(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(clean(value) if isinstance(value, str) else value for value in values)
