"""Container images: repositories with immutable tags, and the account's registry settings."""

from typing import TYPE_CHECKING

from hardened_eks._lazy import importer

if TYPE_CHECKING:
    from hardened_eks.registry._registry import Registry
    from hardened_eks.registry._repository import Lifecycle, Repository
    from hardened_eks.registry._settings import PullThroughCache, SigningRule

_HOMES = {
    "Lifecycle": "_repository",
    "PullThroughCache": "_settings",
    "Registry": "_registry",
    "Repository": "_repository",
    "SigningRule": "_settings",
}

__all__ = ["Lifecycle", "PullThroughCache", "Registry", "Repository", "SigningRule"]

__getattr__ = importer(__name__, _HOMES)
