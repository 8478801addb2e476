"""The EKS add-ons that this library knows, and their requirements, with the source in ``addons.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAddon:
    """One add-on that Amazon EKS offers."""

    name: str
    """The name in ``aws eks describe-addon-versions``."""
    namespace: str | None = None
    """The namespace of its service account. None: it calls no AWS API with its own identity."""
    service_account: str | None = None
    """The service account with its role."""
    policies: tuple[str, ...] = ()
    """The AWS managed policies that its documentation requires, by path and name."""
    tagged: tuple[str, ...] = ()
    """The policies to use instead of `policies`, which are limited to resources with the tag of the add-on. Empty:
    none."""
    endpoints: tuple[str, ...] = ()
    """The VPC endpoints that it needs in an isolated network, by short service name."""
    unreachable: str | None = None
    """The AWS service that it needs and that has no VPC endpoint. None: it works in an isolated network."""


def _known(name: str, entry: Mapping[str, Any]) -> KnownAddon:
    return KnownAddon(
        name=name,
        namespace=entry.get("namespace"),
        service_account=entry.get("service_account"),
        policies=tuple(entry.get("policies", ())),
        tagged=tuple(entry.get("tagged", ())),
        endpoints=tuple(entry.get("endpoints", ())),
        unreachable=entry.get("unreachable"),
    )


_DOCUMENT: Mapping[str, Any] = _files.document("addons.json")

ADDONS: Mapping[str, KnownAddon] = {name: _known(name, entry) for name, entry in _DOCUMENT["addons"].items()}
"""Every known add-on, by name."""

NAMED: tuple[str, ...] = tuple(_DOCUMENT["named"])
"""Add-ons of which only the name is known, from EKS (`hardened-eks data refresh`)."""

SOURCE = str(_DOCUMENT["source"])
"""The source of the table."""
