"""The facts of a diagram, read from the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.diagram import _clusters, _keys, _networks, _talks, _trusts
from hardened_eks.diagram.facts import Facts

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly


def gather(assembly: Assembly, not_seen: tuple[str, ...] = ()) -> Facts:
    """Read the facts from templates.

    Args:
        assembly: the templates; references between them are followed.
        not_seen: the parts of the templates that could not be read.
    """
    return Facts(
        clusters=tuple(_clusters.clusters(assembly)),
        networks=tuple(_networks.networks(assembly)),
        talks=tuple(_talks.talks(assembly)),
        keys=tuple(_keys.keys(assembly)),
        trusts=tuple(_trusts.trusts(assembly)),
        records=tuple(_keys.records(assembly)),
        not_seen=not_seen,
    )
