"""The add-ons that every cluster gets, as changed by `AddonOptions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.addons import AFTER_NODES, BEFORE_NODES, Addon, AddonOptions
from hardened_eks.compute.auto_mode import replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.compute.auto_mode import AutoMode


class DefaultAddons:
    """The default add-ons of a cluster, and those that are not created yet."""

    def __init__(self, options: AddonOptions | None, auto_mode: AutoMode | None = None) -> None:
        """Choose the add-ons. Those that Auto Mode replaces are left out if only Auto Mode runs pods."""
        self._options = options or AddonOptions()
        self._auto = auto_mode is not None and not auto_mode.other_nodes
        extra = (name for name in self._options.extra if name not in AFTER_NODES)
        self._before = self._chosen(BEFORE_NODES)
        self.to_come = self._chosen((*AFTER_NODES, *extra))
        """Names of the add-ons that run on nodes, until they are created with the first nodes."""

    def before_nodes(self, cluster: ClusterLike, scope: Construct) -> Iterator[Addon]:
        """Create the add-ons that nodes need to become ready."""
        yield from self._made(cluster, scope, self._before)

    def on_nodes(self, cluster: ClusterLike, scope: Construct) -> Iterator[Addon]:
        """Create the add-ons that run on nodes, once."""
        names, self.to_come = self.to_come, []
        yield from self._made(cluster, scope, names)

    def _chosen(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name not in self._options.exclude and not (self._auto and replaced(name))]

    def _made(self, cluster: ClusterLike, scope: Construct, names: Sequence[str]) -> Iterator[Addon]:
        for name in names:
            yield Addon(
                scope,
                name,
                cluster=cluster,
                name=name,
                version=self._options.versions.get(name),
                configuration=self._options.configurations.get(name),
                tagged_volumes_only=name == "aws-ebs-csi-driver" and self._options.tagged_volumes_only,
            )
