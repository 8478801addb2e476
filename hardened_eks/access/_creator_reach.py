"""The limits of the creator role, as parts of policy statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hardened_eks import _aws, _owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The limits of the creator role."""

    prefix: str
    """Prefix of the names of stacks, and so of roles, policies, queues ..."""
    cluster_prefix: str
    """Prefix of the names of clusters."""
    repository_prefixes: Sequence[str]
    """Prefixes of the names of ECR repositories."""
    boundary: str | None
    """Name of the policy that every role must have as its permissions boundary."""
    adopt_untagged: bool
    """Whether resources without an owner tag are included."""
    kubectl: bool = False
    """Whether the resources of `Cluster.add_kubectl` are included."""
    config_rules: bool = False
    """Whether the resources of `ClusterRules` are included."""
    hook: bool = False
    """Whether the resources of `Hook` are included."""
    issuers: Sequence[str] = ()
    """URLs of the OIDC issuers that a cluster may trust."""
    governance: bool = False
    """Whether the role creates the resources of `Trail`, `Backups` and `AccountDefaults`, and no cluster."""

    @property
    def uploads(self) -> bool:
        """Whether the role creates functions with uploaded code and encrypted variables."""
        return self.kubectl or self.config_rules

    @property
    def likes(self) -> str:
        """The condition operator for the owner tag. With `adopt_untagged`, it also accepts a missing tag."""
        return "StringLikeIfExists" if self.adopt_untagged else "StringLike"

    def owned(self) -> dict[str, dict[str, Any]]:
        """The condition that limits a statement to resources of the role's own stacks."""
        return {self.likes: {f"aws:ResourceTag/{_owner.KEY}": f"{self.prefix}*"}}

    def born(self) -> dict[str, dict[str, Any]]:
        """The condition that limits a statement to resources that are created with the owner tag."""
        return {self.likes: {f"aws:RequestTag/{_owner.KEY}": f"{self.prefix}*"}}

    def kept(self) -> dict[str, dict[str, Any]]:
        """The condition on tagging: the owner tag must name one of the role's own stacks; other tags are free."""
        return {"StringLikeIfExists": {f"aws:RequestTag/{_owner.KEY}": f"{self.prefix}*"}}


def both(*conditions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Merge conditions into one that requires all of them."""
    merged: dict[str, dict[str, Any]] = {}
    for condition in conditions:
        for operator, keys in condition.items():
            merged.setdefault(operator, {}).update(keys)
    return merged


def named(service: str, names: Iterable[str]) -> list[str]:
    """Return actions with the prefix of their service."""
    return [f"{service}:{name}" for name in names]


def here() -> dict[str, dict[str, Any]]:
    """Return the condition that limits a statement to the stack's Region."""
    return {"StringEquals": {"aws:RequestedRegion": _aws.region()}}
