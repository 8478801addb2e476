"""Checks of the arguments that only managed node groups have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hardened_eks._kinds import flag_problems
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_literal, is_number_token
from hardened_eks.compute import _instances
from hardened_eks.compute._arguments import NodeArguments
from hardened_eks.compute._capacity import CapacityReservation, NodeImage, NodeVolume, WarmPool, WarmPoolState
from hardened_eks.compute._joining import service_problems
from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.compute._versions import version_problems
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

_MOST_UNAVAILABLE = 100
_MOST_CARDS = 32
# https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
_MOST_TAGS, _LONGEST_KEY, _LONGEST_VALUE = 50, 128, 256


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGroupArguments(NodeArguments):
    """The arguments of `NodeGroup`, which describes them."""

    max_unavailable: int
    max_unavailable_percent: int | None
    minimal_update: bool
    image: NodeImage | None
    service_cidr: str | None
    reservation: CapacityReservation | None
    placement_group: ec2.IPlacementGroup | None
    efa_cards: int
    volumes: Sequence[NodeVolume]
    warm_pool: WarmPool | None
    tags: Mapping[str, str] | None

    @property
    def block(self) -> bool:
        """Whether the nodes use a Capacity Block."""
        return self.reservation is not None and self.reservation.block

    @property
    def efa_first(self) -> int:
        """Index of the first network card of the instance types that supports an Elastic Fabric Adapter."""
        return next((kind.efa[0] for kind in self.types() if kind.efa is not None), 0)

    def problems(self, scope: Construct) -> Iterator[str]:
        """Yield what is wrong with the arguments of a node group in `scope`."""
        # Not super(): a dataclass with slots is not the class in which this method was defined.
        yield from NodeArguments.problems(self, scope)
        yield from _number_problems("max_unavailable", self.max_unavailable, "nodes")
        if self.max_unavailable_percent is not None:
            yield from _number_problems("max_unavailable_percent", self.max_unavailable_percent, "percent")
            if self.max_unavailable != 1:
                yield "max_unavailable and max_unavailable_percent are given: pass only one of them"
        yield from flag_problems(minimal_update=self.minimal_update)
        if self.service_cidr is not None:
            yield from service_problems(self.service_cidr)
        yield from self._image_problems()
        yield from self._reservation_problems()
        yield from self._placement_problems()
        yield from self._volume_problems()
        yield from self._warm_pool_problems()
        yield from self._tag_problems()
        # https://github.com/aws/containers-roadmap/issues/2447: Kubernetes itself allows them
        for key, value in self.labels.items() if isinstance(self.labels, Mapping) else ():
            if value == "":
                yield f"label {key!r} needs a value, since EKS refuses empty ones in managed node groups, got ''"

    def _tag_problems(self) -> Iterator[str]:
        tags: object = self.tags
        if tags is None:
            return
        if not isinstance(tags, Mapping) or not all(isinstance(part, str) for pair in tags.items() for part in pair):
            yield f"tags needs a mapping of strings to strings, got {tags!r}"
            return
        if len(tags) > _MOST_TAGS:
            yield f"tags needs at most {_MOST_TAGS}, got {len(tags)}"
        for key, value in tags.items():
            if not 1 <= len(key) <= _LONGEST_KEY or key.lower().startswith("aws:"):
                yield f"tags has the key {key!r}: use 1 to {_LONGEST_KEY} characters that do not begin with aws:"
            if len(value) > _LONGEST_VALUE and is_literal(value):
                yield f"tag {key!r} needs a value of at most {_LONGEST_VALUE} characters, got {len(value)}"

    def _image_problems(self) -> Iterator[str]:
        image = self.image
        if image is None:
            return
        if not isinstance(image, NodeImage):
            yield f"image needs a NodeImage, got {image!r}"
            return
        for name in ("version", "release_version"):
            if getattr(self, name) is not None:
                yield f"{name} is only for AWS images: leave it out with image, whose version is NodeImage.kubernetes"
        if self.fips is True:
            yield "fips is only for AWS images: leave it out with image, whose properties NodeImage.evidence documents"
        of_cluster = getattr(self.cluster, "version", None)
        for problem in version_problems(image.kubernetes, None, of_cluster, OperatingSystem.BOTTLEROCKET):
            yield f"image: {problem}"
        if self.operating_system == OperatingSystem.AL2023 and self.service_cidr is None:
            yield ("nodes of AL2023 with a custom image need service_cidr: pass it here, or create the cluster with it")

    def _reservation_problems(self) -> Iterator[str]:
        if self.reservation is None:
            return
        if not isinstance(self.reservation, CapacityReservation):
            yield f"reservation needs a CapacityReservation, got {self.reservation!r}"
            return
        if self.spot is True:
            yield "spot=True cannot use a reservation: leave one of them out"
        if self.reservation.block:
            if isinstance(self.instance_types, list | tuple) and len(self.instance_types) != 1:
                yield f"a Capacity Block has one instance type, got {len(self.instance_types)}"
            yield from self._one_subnet("a Capacity Block is in one zone")

    def _placement_problems(self) -> Iterator[str]:
        group, cards = self.placement_group, self.efa_cards
        if group is not None and not hasattr(group, "placement_group_name"):
            yield f"placement_group needs an ec2.PlacementGroup, got {group!r}"
        elif str(getattr(group, "strategy", "")).lower().endswith("cluster"):
            yield from self._one_subnet("a placement group with the strategy cluster is in one zone")
        if not isinstance(cards, int) or isinstance(cards, bool) or not 0 <= cards <= _MOST_CARDS:
            yield f"efa_cards needs 0 to {_MOST_CARDS} network cards, got {cards!r}"
        elif cards:
            yield from _instances.efa_problems(self.types(), cards)
            yield from self._one_subnet("EFA traffic cannot leave its subnet")
            if self.spot is True:
                yield "spot=True interrupts the jobs that EFA connects: leave out spot or efa_cards"

    def _one_subnet(self, why: str) -> Iterator[str]:
        if not isinstance(self.subnets, list | tuple) or len(self.subnets) != 1:
            got = "all of the network" if self.subnets is None else f"{len(self.subnets)}"
            yield f"{why}: subnets needs one subnet, got {got}"

    def _volume_problems(self) -> Iterator[str]:
        volumes: object = self.volumes
        if not isinstance(volumes, list | tuple) or not all(isinstance(one, NodeVolume) for one in volumes):
            yield f"volumes needs a list of NodeVolume, got {volumes!r}"
            return
        for device in repeated([one.device for one in self.volumes]):
            yield f"volumes has {device} twice: give each volume its own device"

    def _warm_pool_problems(self) -> Iterator[str]:
        pool = self.warm_pool
        if pool is None:
            return
        if not isinstance(pool, WarmPool):
            yield f"warm_pool needs a WarmPool, got {pool!r}"
            return
        if self.spot is True or self.block:
            yield "a warm pool has only on-demand instances: leave out spot=True, the Capacity Block or warm_pool"
        if self.image is not None:
            # https://docs.aws.amazon.com/eks/latest/userguide/warm-pools-managed-node-groups.html
            yield "a warm pool has only images of EKS: leave out image or warm_pool"
        if self.operating_system == OperatingSystem.BOTTLEROCKET:
            if pool.state == WarmPoolState.HIBERNATED:
                yield "warm_pool with HIBERNATED does not work with Bottlerocket: use STOPPED, or AL2023"
            if pool.reuse:
                yield "warm_pool with reuse=True does not work with Bottlerocket: leave it out, or use AL2023"
        if isinstance(pool.max_prepared, int) and isinstance(pool.min, int) and pool.max_prepared < pool.min:
            yield f"warm_pool needs max_prepared of min ({pool.min}) or more, got {pool.max_prepared}"


def _number_problems(name: str, value: object, unit: str) -> Iterator[str]:
    if is_number_token(value):
        return
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_UNAVAILABLE:
        yield f"{name} needs 1 to {_MOST_UNAVAILABLE} {unit}, got {value!r}"
