"""Kubernetes API versions that are removed or replaced, with sources in ``kubernetes_apis.json``.

``python -m tools.kubernetes_apis`` writes it from the schemas of each release.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.data import _files

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One API version of a kind that is removed, or that a stable version has replaced."""

    removed: str | None
    """The first Kubernetes version that does not serve it; None: all known versions do."""
    deprecated: str | None
    """The first known version that also serves a stable API version; None: not known."""
    instead: str | None
    """The API version to use; None: the kind has no stable one."""


def _document() -> Mapping[str, Any]:
    document: Mapping[str, Any] = _files.document("kubernetes_apis.json")
    return document


@cache
def _entries() -> Mapping[str, Going]:
    found: dict[str, dict[str, str]] = {}
    for part in ("read", "apis"):
        for name, entry in _document()[part].items():
            found.setdefault(name, {}).update(entry)
    return {
        name: Going(removed=entry.get("removed"), deprecated=entry.get("deprecated"), instead=entry.get("instead"))
        for name, entry in found.items()
    }


def going(api_version: str, kind: str) -> Going | None:
    """Return the removal or replacement of an API version of a kind, or None if there is none.

    Args:
        api_version: for example ``flowcontrol.apiserver.k8s.io/v1beta3``.
        kind: for example ``FlowSchema``.
    """
    return _entries().get(f"{api_version} {kind}")


def newest() -> str:
    """Return the newest Kubernetes version with known APIs."""
    return str(_document()["to"])


def source() -> str:
    """Return the source of the data."""
    return str(_document()["source"])
