"""Container images: repositories with immutable tags, and the account's registry settings."""

from hardened_eks.registry._registry import Registry
from hardened_eks.registry._repository import Lifecycle, Repository
from hardened_eks.registry._settings import PullThroughCache, SigningRule

__all__ = ["Lifecycle", "PullThroughCache", "Registry", "Repository", "SigningRule"]
