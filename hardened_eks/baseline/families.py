"""The instance families for nodes that a provisioner selects by family."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Sequence

_KUBERNETES: Final = {"arm64": "arm64", "x86_64": "amd64"}


def architectures(families: Sequence[str]) -> list[str]:
    """Return the architectures of families, as Kubernetes names them."""
    found = {_KUBERNETES[kind.architectures[0]] for family in families if (kind := instances.family(family))}
    return sorted(found)


def unknown(name: object) -> str | None:
    """Return the end of a message on an unknown family, with similar names; None for a known one."""
    if isinstance(name, str) and instances.family(name) is not None:
        return None
    near = get_close_matches(str(name), instances.families(), n=3)
    hint = f": did you mean {', '.join(near)}?" if near else ""
    return f"in the data file ({instances.source()}), got {name!r}{hint}"


def unfit(name: str) -> str | None:
    """Return why nodes must not use a known family; None if they may."""
    kind = instances.family(name)
    if kind is None:
        return None
    if not kind.nitro:
        return "runs on Xen, only Nitro is allowed: use m7g, m7i or newer"
    if kind.architectures[0] not in _KUBERNETES:
        return f"is {kind.architectures[0]}, EKS has no image for it"
    if not kind.encryption_in_transit:
        return "does not encrypt traffic between instances: use m7g, m7i or newer"
    if kind.gpu:
        return f"has {kind.gpu} accelerators, for which Karpenter's image here has no drivers"
    return None
