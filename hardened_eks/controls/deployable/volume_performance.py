from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import INSTANCE, TEMPLATE, prefix_of, volumes

# https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html and provisioned-iops.html
_IOPS = {"gp3": (3_000, 80_000, 500), "io1": (100, 64_000, 50), "io2": (100, 256_000, 1_000)}
"""Volume type -> minimum and maximum IOPS, and IOPS for each GiB."""
_THROUGHPUT = (125, 2_000)
_SHARE = 4
"""The number of IOPS for each MiB/s of throughput."""


@control(
    id="DP-51",
    title="Volumes have a throughput and IOPS that their type supports",
    types=(TEMPLATE, INSTANCE, "AWS::EC2::Volume"),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 accepts the launch template but rejects each instance with InvalidParameterCombination, because only gp3 "
        "supports a throughput, or because a ratio is too high. A managed node group then ends in CREATE_FAILED."
    ),
    fix=(
        "For gp3, use a throughput of 125 to 2,000 MiB/s, at least 4 IOPS for each MiB/s, and at most 500 IOPS for "
        "each GiB."
    ),
    source="https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html",
    enforced_by="NodeGroup",
)
def volume_performance(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::EC2::Volume":
        yield from _problems(_written(resource.properties), "Size", "", default="gp2")
        return
    for path, volume in volumes(resource, prefix_of(resource)):
        ebs = volume.get("Ebs") if isinstance(volume, dict) else None
        yield from _problems(_written(ebs), "VolumeSize", f"{path}.Ebs.")


def _written(properties: Any) -> dict[str, Any]:
    return properties if isinstance(properties, dict) else {}


def _problems(volume: dict[str, Any], size_name: str, prefix: str, default: str | None = None) -> Iterator[Problem]:
    kind = volume.get("VolumeType", default)  # if a launch template omits it, the image decides
    iops, throughput, size = (_number(volume.get(name)) for name in ("Iops", "Throughput", size_name))
    if not isinstance(kind, str):
        return
    if throughput is not None:
        if kind != "gp3":
            yield Problem(f"{kind} does not support a throughput; gp3 does", f"{prefix}Throughput")
        elif not _THROUGHPUT[0] <= throughput <= _THROUGHPUT[1]:
            message = f"the throughput is {throughput:g} MiB/s; gp3 supports {_THROUGHPUT[0]} to {_THROUGHPUT[1]}"
            yield Problem(message, f"{prefix}Throughput")
        elif (given := 3_000 if volume.get("Iops") is None else iops) and throughput * _SHARE > given:
            message = f"{throughput:g} MiB/s need {throughput * _SHARE:g} IOPS, but the volume has {given:g}"
            yield Problem(message, f"{prefix}Throughput")
    yield from _iops_problems(kind, iops, size, volume, prefix)


def _iops_problems(
    kind: str, iops: float | None, size: float | None, volume: dict[str, Any], prefix: str
) -> Iterator[Problem]:
    if kind not in _IOPS:
        if iops is not None:
            yield Problem(f"{kind} does not support IOPS; {', '.join(_IOPS)} do", f"{prefix}Iops")
        return
    least, most, ratio = _IOPS[kind]
    if volume.get("Iops") is None:
        if kind != "gp3":
            yield Problem(f"{kind} needs Iops", f"{prefix}Iops")
    elif iops is not None and not least <= iops <= most:
        yield Problem(f"the volume has {iops:g} IOPS; {kind} supports {least} to {most}", f"{prefix}Iops")
    elif iops is not None and size is not None and iops > max(least, size * ratio):
        yield Problem(
            f"the volume has {iops:g} IOPS and {size:g} GiB; {kind} supports at most {ratio} IOPS for each GiB",
            f"{prefix}Iops",
        )


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except (OverflowError, ValueError):
        return None
