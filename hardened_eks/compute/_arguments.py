"""Checks of the arguments that managed and self-managed nodes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._asked import place_problems
from hardened_eks._kinds import (
    ROLE,
    SECURITY_GROUP,
    SUBNET,
    cluster_problems,
    flag_problems,
    kind_problems,
    list_problems,
)
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_number_token
from hardened_eks.compute import _image, _instances, _versions
from hardened_eks.compute._labels import label_problems
from hardened_eks.compute._node_settings import settings_problems
from hardened_eks.compute._schedules import schedule_problems
from hardened_eks.compute._settings import OperatingSystem, Scaling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
    from hardened_eks.compute._schedules import ScheduledScaling
    from hardened_eks.compute._settings import Taint
    from hardened_eks.data.instances import InstanceType

_SMALLEST_DISK, _LARGEST_DISK = 20, 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeArguments:
    """The arguments that managed and self-managed nodes share; `NodeGroup` describes them."""

    cluster: ClusterLike
    instance_types: Sequence[str]
    operating_system: OperatingSystem
    fips: bool
    nvidia: bool
    scaling: Scaling | None
    disk_gib: int
    labels: Mapping[str, str] | None
    taints: Sequence[Taint]
    spot: bool
    version: str | None
    release_version: str | None
    subnets: Sequence[ec2.ISubnet] | None
    role: iam.IRole | None
    security_group: ec2.ISecurityGroup | None
    session_manager: bool
    schedules: Sequence[ScheduledScaling]
    kubelet: KubeletSettings | None
    bottlerocket: BottlerocketSettings | None
    allow_unlisted_types: bool
    allow_unencrypted_transit: bool

    def types(self) -> list[InstanceType]:
        """Return the data of the known instance types."""
        usable = self.instance_types if isinstance(self.instance_types, list | tuple) else ()
        return _instances.known_types(usable, allow_unlisted=self.allow_unlisted_types)

    def problems(self, scope: Construct) -> Iterator[str]:
        """Yield what is wrong with the arguments of nodes in `scope`."""
        yield from _instances.type_problems(
            self.instance_types,
            allow_unlisted=self.allow_unlisted_types,
            allow_plain_transit=self.allow_unencrypted_transit,
        )
        yield from _image.image_problems(self.types(), self.operating_system, fips=self.fips, nvidia=self.nvidia)
        yield from label_problems({} if self.labels is None else self.labels, self.taints)
        yield from size_problems(self.disk_gib)
        yield from schedule_problems(self.schedules)
        is_bottlerocket = self.operating_system == OperatingSystem.BOTTLEROCKET
        yield from settings_problems(self.kubelet, self.bottlerocket, is_bottlerocket=is_bottlerocket)
        yield from self._kind_problems()
        shared = ("security_group", "node_security_group")
        needed = ("network",) if self.security_group is not None else ("network", *shared)
        found = list(cluster_problems(self.cluster, *needed)) or list(place_problems(scope, cluster=self.cluster))
        yield from found or self.cluster.nodes_problems(scope)
        of_cluster = getattr(self.cluster, "version", None)
        yield from _versions.version_problems(self.version, self.release_version, of_cluster, self.operating_system)

    def _kind_problems(self) -> Iterator[str]:
        if self.scaling is not None and not isinstance(self.scaling, Scaling):
            yield f"scaling needs a Scaling, got {self.scaling!r}"
        if self.subnets is not None:
            yield from list_problems(SUBNET, subnets=self.subnets)
            if isinstance(self.subnets, list | tuple) and not self.subnets:
                yield "subnets needs at least one subnet, got []: leave it out for the network's node subnets"
        yield from kind_problems(ROLE, role=self.role)
        yield from kind_problems(SECURITY_GROUP, security_group=self.security_group)
        yield from flag_problems(
            fips=self.fips,
            nvidia=self.nvidia,
            spot=self.spot,
            session_manager=self.session_manager,
            allow_unlisted_types=self.allow_unlisted_types,
            allow_unencrypted_transit=self.allow_unencrypted_transit,
        )


def size_problems(disk_gib: object) -> Iterator[str]:
    """Yield why the size of the disk is invalid."""
    if not is_number_token(disk_gib) and (
        not isinstance(disk_gib, int) or isinstance(disk_gib, bool) or not _SMALLEST_DISK <= disk_gib <= _LARGEST_DISK
    ):
        yield f"disk_gib needs {_SMALLEST_DISK} to {_LARGEST_DISK} GiB, got {disk_gib!r}"
