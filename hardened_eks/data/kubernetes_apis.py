"""API versions of Kubernetes that go or are replaced; pure, with sources in ``kubernetes_apis.json``.

``python -m tools.kubernetes_apis`` writes it from the schemas of each release.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One API version of a kind that goes, or that a stable version has replaced."""

    removed: str | None
    """The first Kubernetes version that does not serve it; None: all known ones do."""
    deprecated: str | None
    """The first known version that serves a stable one beside it; None: not known."""
    instead: str | None
    """The API version to use; None: the kind has none, or none that is stable."""


@cache
def _document() -> Mapping[str, Any]:
    text = files("hardened_eks.data").joinpath("kubernetes_apis.json").read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
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
    """Return what becomes of an API version of a kind; None where nothing is known against it.

    Args:
        api_version: for example ``flowcontrol.apiserver.k8s.io/v1beta3``.
        kind: for example ``FlowSchema``.
    """
    return _entries().get(f"{api_version} {kind}")


def newest() -> str:
    """Return the newest Kubernetes version whose APIs are known."""
    return str(_document()["to"])


def source() -> str:
    """Return where the data comes from."""
    return str(_document()["source"])
