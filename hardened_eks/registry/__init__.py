"""Where images come from: repositories that cannot be overwritten, and the account's registry settings."""

from hardened_eks.registry._registry import PullThroughCache, Registry, SigningRule
from hardened_eks.registry._repository import Lifecycle, Repository

__all__ = ["Lifecycle", "PullThroughCache", "Registry", "Repository", "SigningRule"]
