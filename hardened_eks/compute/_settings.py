from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Required, TypedDict

from hardened_eks._tokens import is_number_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_sns as sns

    from hardened_eks.alerts import AlertChannel
    from hardened_eks.compute._capacity import CapacityReservation, NodeImage, NodeVolume, WarmPool
    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
    from hardened_eks.compute._schedules import ScheduledScaling
    from hardened_eks.compute.termination import TerminationHandler


class OperatingSystem(StrEnum):
    """The operating system of nodes. AWS builds both images; nodes are patched by replacing them."""

    BOTTLEROCKET = "bottlerocket"
    """Bottlerocket, which has a read-only root file system, no shell and no package manager."""
    AL2023 = "al2023"
    """Amazon Linux 2023, for workloads that need a general-purpose system."""


class TaintEffect(StrEnum):
    """The effect of a taint on pods that do not tolerate it."""

    NO_SCHEDULE = "NO_SCHEDULE"
    """New pods are not scheduled on the node."""
    PREFER_NO_SCHEDULE = "PREFER_NO_SCHEDULE"
    """New pods are scheduled on the node only if no other node fits."""
    NO_EXECUTE = "NO_EXECUTE"
    """New pods are not scheduled on the node, and running ones are evicted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taint:
    """A taint that keeps pods away unless they tolerate it."""

    key: str
    """Key of the taint, for example ``dedicated``."""
    value: str = ""
    """Value of the taint. Default: none."""
    effect: TaintEffect = TaintEffect.NO_SCHEDULE
    """Effect on pods without the toleration. Default: they are not scheduled on the nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """The number of nodes of a group.

    Raises:
        ConfigurationError: a size is not a whole number, or the sizes are not in order.
    """

    min: int = 2
    """Minimum number of nodes. Default: 2, so that an Availability Zone can fail."""
    max: int = 6
    """Maximum number of nodes. Default: 6."""
    desired: int | None = None
    """Number of nodes at creation. Leave it out with an autoscaler, because a deployment resets it. Default: `min`."""

    def __post_init__(self) -> None:
        """Check the order, as far as the sizes are known now."""
        problems = Problems("Scaling")
        sizes = [("min", self.min), ("desired", self.min if self.desired is None else self.desired), ("max", self.max)]
        for name, size in sizes:
            good = is_number_token(size) or (isinstance(size, int) and not isinstance(size, bool))
            problems.require(good, f"{name} needs a whole number, got {size!r}")
        whole = [(name, size) for name, size in sizes if isinstance(size, int)]
        known = [size for _, size in whole]
        if (
            known != sorted(known)
            or any(size < 0 for size in known)
            or any(name == "max" and size < 1 for name, size in whole)
        ):
            got = ", ".join(f"{name}={size}" for name, size in whole)
            problems.add(f"scaling needs 0 <= min <= desired <= max and max >= 1, got {got}")
        problems.raise_any()


class NodeOptions(TypedDict, total=False):
    """The arguments that managed and self-managed nodes share. `NodeGroup` describes them."""

    instance_types: Required[Sequence[str]]
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


class NodeGroupOptions(NodeOptions, total=False):
    """The arguments of `NodeGroup` except scope, ID and cluster."""

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


class SelfManagedOptions(NodeOptions, total=False):
    """The arguments of `SelfManagedNodeGroup` except scope, ID and cluster."""

    access_entry: bool
    max_lifetime_days: int
    drain_seconds: int
    handler: TerminationHandler | None
    alerts: AlertChannel | sns.ITopic | None
    service_cidr: str | None
