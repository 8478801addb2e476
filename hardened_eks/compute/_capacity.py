"""Further settings of a managed node group: reserved capacity, a warm pool, volumes, an image."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import flag_problems
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_number_token, is_text_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_RESERVATION = regex(r"cr-([0-9a-f]{8}|[0-9a-f]{17})")
_GROUP = regex(r"arn:[a-z-]+:resource-groups:[a-z0-9-]+:\d{12}:group/.+")
_IMAGE = regex(r"ami-([0-9a-f]{8}|[0-9a-f]{17})")
_DEVICE = regex(r"/dev/(xvd|sd)[c-z]")
_KUBERNETES = regex(r"1\.\d+")
_EVIDENCE = regex(r"[\w .:/=+@-]{1,256}")
_LARGEST = 65_536
_IOPS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReservation:
    """Reserved capacity, the only capacity that the nodes use.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    id: str | None = None
    """ID of the reservation, for example ``cr-0123456789abcdef0``. Default: none; then `group_arn` is required."""
    group_arn: str | None = None
    """ARN of a resource group of reservations. Default: none; then `id` is required."""
    block: bool = False
    """Whether it is a Capacity Block for machine learning, with an ID, one instance type and one subnet in its zone.
    EKS terminates the nodes 40 minutes before its end. Default: no, an on-demand reservation."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("CapacityReservation")
        problems.require(
            (self.id is None) != (self.group_arn is None), "pass exactly one of id and group_arn: nodes use only one"
        )
        if self.id is not None:
            problems.extend(_text_problems("id", self.id, _RESERVATION, "cr-0123456789abcdef0"))
        if self.group_arn is not None:
            problems.extend(_text_problems("group_arn", self.group_arn, _GROUP, "the ARN of a resource group"))
        problems.extend(flag_problems(block=self.block))
        problems.require(
            self.block is not True or self.group_arn is None,
            "block=True needs id, since EKS accepts a Capacity Block only by its ID: leave out group_arn",
        )
        problems.raise_any()

    def rendered(self) -> dict[str, Any]:
        """Return the properties of the reservation in the launch template."""
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
    """Stopped: only their volumes cost."""
    RUNNING = "RUNNING"
    """Running, at full cost."""
    HIBERNATED = "HIBERNATED"
    """Hibernated: the encrypted volume keeps their memory. Not supported by Bottlerocket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmPool:
    """A warm pool of booted instances that wait to join.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    min: int = 0
    """Minimum number of waiting instances. Default: 0."""
    max_prepared: int | None = None
    """Maximum of waiting instances and nodes of the group together. Default: the maximum of the group."""
    state: WarmPoolState = WarmPoolState.STOPPED
    """State of waiting instances. Default: stopped."""
    reuse: bool = False
    """Whether nodes return to the pool when the group shrinks. They keep the data of pods on their volumes, and their
    image becomes old. Not supported by Bottlerocket. Default: no, nodes are terminated."""

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
        """Return the properties of the pool in the node group."""
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
    """A further volume of a node, encrypted with the volumes key like the others.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    device: str
    """Device name, ``/dev/xvdc`` to ``/dev/xvdz``; the operating system uses the first two."""
    size_gib: int
    """Size in GiB, 1 to 65,536."""
    iops: int | None = None
    """I/O operations per second, 3,000 to 80,000, at most 500 for each GiB. Default: 3,000."""
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
    """A custom image, which EKS does not patch or check, with its properties.

    ND-13 reports a node group with such an image. Write a waiver that names the team that patches it.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    id: str
    """ID of the image: ``ami-0123456789abcdef0``. It must be in the stack's Region and encrypted or not shared."""
    kubernetes: str
    """Version of the kubelet in the image, for example ``1.36``: the cluster's, or up to three before it."""
    built: date
    """Day on which the image was built. Synthesis warns if that is more than 60 days ago."""
    evidence: str
    """Reference to the tests of the image, for example a build whose report shows that it meets your benchmark. It
    becomes the tag ``hardened-eks:image-evidence`` of the launch template."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems(f"NodeImage {self.id!r}")
        problems.extend(_text_problems("id", self.id, _IMAGE, "ami-0123456789abcdef0"))
        problems.extend(_text_problems("kubernetes", self.kubernetes, _KUBERNETES, "a version such as '1.36'"))
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
        """Return the age of the image in days.

        Args:
            today: the current day.
        """
        return (today - self.built).days


def _text_problems(
    name: str, value: object, pattern: re.Pattern[str], example: str, *, tokens: bool = True
) -> Iterator[str]:
    if tokens and is_text_token(value):
        return
    if not isinstance(value, str) or not pattern.fullmatch(value):
        yield f"{name} needs {example}, got {value!r}"


def _number_problems(name: str, value: object, least: int, most: int) -> Iterator[str]:
    if is_number_token(value):
        return
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield f"{name} needs a whole number from {least} to {most}, got {value!r}"
