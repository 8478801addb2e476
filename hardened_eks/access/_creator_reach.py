"""How far the role that creates clusters reaches, as parts of policy statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hardened_eks import _aws, _owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the role reaches."""

    prefix: str
    """How the names of stacks, and with them of roles, policies, queues ..., begin."""
    cluster_prefix: str
    """How the names of clusters begin."""
    repository_prefixes: Sequence[str]
    """How the names of ECR repositories begin."""
    boundary: str | None
    """Name of the policy that is the boundary of every role."""
    adopt_untagged: bool
    """Reach what carries no owner tag, too."""
    kubectl: bool = False
    """Reach what `Cluster.add_kubectl` creates, too."""
    config_rules: bool = False
    """Reach what `ClusterRules` creates, too."""
    hook: bool = False
    """Reach what `Hook` creates, too."""
    issuers: Sequence[str] = ()
    """URLs of the OIDC issuers that a cluster may trust."""
    governance: bool = False
    """Reach what `Trail`, `Backups` and `AccountDefaults` create, and no cluster."""

    @property
    def uploads(self) -> bool:
        """Whether functions with uploaded code, and with variables, are among what it creates."""
        return self.kubectl or self.config_rules

    @property
    def likes(self) -> str:
        """The condition operator for the owner tag; the lenient one holds where there is no tag."""
        return "StringLikeIfExists" if self.adopt_untagged else "StringLike"

    def owned(self) -> dict[str, dict[str, Any]]:
        """Limit a statement to resources of the role's own stacks."""
        return {self.likes: {f"aws:ResourceTag/{_owner.KEY}": f"{self.prefix}*"}}

    def born(self) -> dict[str, dict[str, Any]]:
        """Limit a statement to what is created with the owner tag."""
        return {self.likes: {f"aws:RequestTag/{_owner.KEY}": f"{self.prefix}*"}}

    def kept(self) -> dict[str, dict[str, Any]]:
        """Limit tagging: other tags are free, the owner stays one of the role's own stacks."""
        return {"StringLikeIfExists": {f"aws:RequestTag/{_owner.KEY}": f"{self.prefix}*"}}


def both(*conditions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Merge conditions into one that asks for all of them."""
    merged: dict[str, dict[str, Any]] = {}
    for condition in conditions:
        for operator, keys in condition.items():
            merged.setdefault(operator, {}).update(keys)
    return merged


def named(service: str, names: Iterable[str]) -> list[str]:
    """Return actions of a service."""
    return [f"{service}:{name}" for name in names]


def here() -> dict[str, dict[str, Any]]:
    """Limit a statement to the stack's region."""
    return {"StringEquals": {"aws:RequestedRegion": _aws.region()}}
