"""What a managed node group may ask for beside instance types: reserved capacity, warm nodes, volumes, an image."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import flag_problems
from hardened_eks._tokens import is_number_token, is_text_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESERVATION = re.compile(r"cr-([0-9a-f]{8}|[0-9a-f]{17})")
_GROUP = re.compile(r"arn:[a-z-]+:resource-groups:[a-z0-9-]+:\d{12}:group/.+")
_IMAGE = re.compile(r"ami-([0-9a-f]{8}|[0-9a-f]{17})")
_DEVICE = re.compile(r"/dev/(xvd|sd)[c-z]")
_EVIDENCE = re.compile(r"[\w .:/=+@-]{1,256}")
_LARGEST = 65_536
_IOPS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReservation:
    """Reserved capacity, the only capacity that the nodes use.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    id: str | None = None
    """The reservation, for example ``cr-0123456789abcdef0``. Default: that of `group_arn`."""
    group_arn: str | None = None
    """ARN of a resource group of reservations. Default: that of `id`."""
    block: bool = False
    """A Capacity Block for machine learning: one instance type, one subnet, in the zone of the block. EKS takes the
    nodes away 40 minutes before its end. Default: an on-demand reservation."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("CapacityReservation")
        problems.require(
            (self.id is None) != (self.group_arn is None), "pass id or group_arn, one of the two: the nodes take that"
        )
        problems.extend(_text_problems("id", self.id, _RESERVATION, "cr-0123456789abcdef0"))
        problems.extend(_text_problems("group_arn", self.group_arn, _GROUP, "the ARN of a resource group"))
        problems.extend(flag_problems(block=self.block))
        problems.raise_any()

    def rendered(self) -> dict[str, Any]:
        """Return its properties in the launch template."""
        target = (
            {"capacityReservationId": self.id}
            if self.group_arn is None
            else {"capacityReservationResourceGroupArn": self.group_arn}
        )
        market = {"instanceMarketOptions": {"marketType": "capacity-block"}} if self.block else {}
        return {"capacityReservationSpecification": {"capacityReservationTarget": target}, **market}


class WarmPoolState(StrEnum):
    """The state of waiting instances of a warm pool."""

    STOPPED = "STOPPED"
    """Stopped: their volumes cost, nothing else does."""
    RUNNING = "RUNNING"
    """Running, at full cost."""
    HIBERNATED = "HIBERNATED"
    """Hibernated: memory is kept on the encrypted volume. Not with Bottlerocket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmPool:
    """Instances that have booted and wait to join.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    min: int = 0
    """The least number of waiting instances."""
    max_prepared: int | None = None
    """The most instances, waiting and in the group together. Default: as many as the group may have."""
    state: WarmPoolState = WarmPoolState.STOPPED
    """The state of waiting instances."""
    reuse: bool = False
    """Whether nodes go back to the pool when the group shrinks. They keep what pods left on their volumes, and an image
    that grows old, so: Default: nodes are ended. Not with Bottlerocket."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("WarmPool")
        problems.extend(_number_problems("min", self.min, 0, 1000))
        if self.max_prepared is not None:
            problems.extend(_number_problems("max_prepared", self.max_prepared, 1, 10_000))
        problems.require(
            self.state in tuple(WarmPoolState), f"state needs one of {', '.join(WarmPoolState)}, got {self.state!r}"
        )
        problems.extend(flag_problems(reuse=self.reuse))
        problems.raise_any()

    def rendered(self) -> dict[str, Any]:
        """Return its properties in the node group."""
        most = {} if self.max_prepared is None else {"maxGroupPreparedCapacity": self.max_prepared}
        return {
            "enabled": True,
            "minSize": self.min,
            "poolState": WarmPoolState(self.state).value,
            "reuseOnScaleIn": self.reuse,
            **most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeVolume:
    """A further volume of a node, encrypted with the volumes key as the others are.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    device: str
    """The device name, for example ``/dev/xvdc``; the first two are those of the operating system."""
    size_gib: int
    """Size in GiB."""
    iops: int | None = None
    """Operations per second, 3,000 to 80,000, at most 500 for each GiB. Default: 3,000."""
    throughput: int | None = None
    """Throughput in MiB per second, 125 to 2,000. Each MiB needs 4 operations per second. Default: 125."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems(f"NodeVolume {self.device!r}")
        problems.extend(_text_problems("device", self.device, _DEVICE, "/dev/xvdc to /dev/xvdz", tokens=False))
        problems.extend(_number_problems("size_gib", self.size_gib, 1, _LARGEST))
        if self.iops is not None:
            problems.extend(_number_problems("iops", self.iops, _IOPS, 80_000))
        if self.throughput is not None:
            problems.extend(_number_problems("throughput", self.throughput, 125, 2000))
        problems.extend(self._ratio_problems())
        problems.raise_any()

    def _ratio_problems(self) -> Iterator[str]:
        # https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
        iops, throughput = _IOPS if self.iops is None else self.iops, self.throughput or 0
        if not all(isinstance(one, int) for one in (iops, throughput, self.size_gib)):
            return
        if throughput * 4 > iops:
            yield f"throughput of {throughput} MiB/s needs iops of {throughput * 4} or more, got {iops}"
        if self.iops is not None and iops > self.size_gib * 500:
            yield f"iops of {iops} needs size_gib of {-(-iops // 500)} or more, got {self.size_gib}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeImage:
    """An image of your own, with its properties: EKS does not know, patch or check it.

    ND-13 finds a node group with such an image, so write a waiver with it that names who patches the image.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    id: str
    """ID of the image: ``ami-0123456789abcdef0``. It must be in the stack's Region and encrypted or not shared."""
    kubernetes: str
    """Version of the kubelet in it, for example ``1.36``: the cluster's or up to three before it."""
    built: date
    """The day on which it was built. Synthesis warns if that is more than 60 days ago."""
    evidence: str
    """A reference to the tests of the image, such as the build whose report shows that it meets your benchmark. Becomes
    the tag ``hardened-eks:image-evidence`` of the launch template."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems(f"NodeImage {self.id!r}")
        problems.extend(_text_problems("id", self.id, _IMAGE, "ami-0123456789abcdef0"))
        day: object = self.built
        if not isinstance(day, date) or isinstance(day, datetime):
            problems.add(f"built needs a datetime.date, got {day!r}")
        problems.extend(
            _text_problems(
                "evidence", self.evidence, _EVIDENCE, "1 to 256 letters, digits, spaces or _.:/=+-@", tokens=False
            )
        )
        problems.raise_any()

    def age(self, today: date) -> int:
        """Return how many days ago the image was built."""
        return (today - self.built).days


def _text_problems(
    name: str, value: object, pattern: re.Pattern[str], example: str, *, tokens: bool = True
) -> Iterator[str]:
    if value is None or (tokens and is_text_token(value)):
        return
    if not isinstance(value, str) or not pattern.fullmatch(value):
        yield f"{name} needs {example}, got {value!r}"


def _number_problems(name: str, value: object, least: int, most: int) -> Iterator[str]:
    if is_number_token(value):
        return
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield f"{name} needs a whole number from {least} to {most}, got {value!r}"
