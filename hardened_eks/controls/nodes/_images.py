"""Defaults of node images: settings of the metadata service, and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.data.instances import known
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.views.launch import NODEGROUP, TEMPLATE, entries, prefix_of, volumes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

NO_TEMPLATE: Final = "no launch template"
"""The cause of findings about EKS defaults for node groups without a launch template."""
_AL2023: Final = "AL2023_"
_BOTTLEROCKET: Final = "BOTTLEROCKET_"
_BOTTLEROCKET_IMAGE: Final = "/aws/service/bottlerocket/"
_DEVICES: Final = ("/dev/xvda", "/dev/xvdb")
_AL2023_SINCE: Final = 30
"""The minor version from which EKS uses AL2023 for node groups without an image."""
_MINOR: Final = regex(r"1\.(\d+)")


def open_metadata(group: Resource, assembly: Assembly, open_: str) -> Iterator[str]:
    """Yield the problem of a node group without a launch template, unless EKS restricts the metadata service.

    For AL2023, EKS requires IMDSv2 and a hop limit of 1. Since Kubernetes 1.30, AL2023 is also the default image,
    except for GPU types.

    Sources: https://docs.aws.amazon.com/eks/latest/userguide/al2023.html,
    https://github.com/hashicorp/terraform-provider-aws/issues/38516

    Args:
        group: the node group.
        assembly: the assembly that may contain its cluster.
        open_: the problem if EKS does not restrict it, such as ``accepts IMDSv1``.
    """
    image = group.get("AmiType")
    cluster = assembly.target(group.get("ClusterName"), "AWS::EKS::Cluster", near=group)
    version = group.get("Version") or (None if cluster is None else cluster.get("Version"))
    match = _MINOR.fullmatch(version) if isinstance(version, str) else None
    if image is None:
        closed = match is not None and int(match[1]) >= _AL2023_SINCE and not _may_have_gpus(group)
    else:
        closed = isinstance(image, str) and image.startswith(_AL2023)
    if not closed:
        hidden = isinstance(image, Unknown) or (image is None and match is None)
        later = ", unless its image, which is not known, is AL2023" if hidden else ""
        yield f"a node group without a launch template {open_}{later}"


def _may_have_gpus(group: Resource) -> bool:
    kinds = [known(name) if isinstance(name, str) else None for name in group.items("InstanceTypes")]
    return any(kind is None or kind.gpu for kind in kinds)


def unnamed_volumes(launch: Resource, assembly: Assembly) -> Iterator[str]:
    """Yield the devices of the image that launch settings with block devices do not list; Bottlerocket has two.

    Source: https://github.com/bottlerocket-os/bottlerocket/blob/develop/README.md (default volumes)
    """
    path = f"{prefix_of(launch)}BlockDeviceMappings"
    if not any(volumes(launch, prefix_of(launch))) or not _is_bottlerocket(launch, assembly):
        return  # nothing is listed, which is reported separately
    written = [device for _, device in entries(launch, path)]
    if all(isinstance(device, dict) for device in written):  # otherwise it is reported for the hidden device
        named = [device.get("DeviceName") for device in written]
        yield from (device for device in _DEVICES if device not in named)


def _is_bottlerocket(launch: Resource, assembly: Assembly) -> bool:
    if _BOTTLEROCKET_IMAGE in str(launch.get(f"{prefix_of(launch)}ImageId")):
        return True
    users = assembly.referring(launch, NODEGROUP) if launch.type == TEMPLATE else ()
    return any(str(group.get("AmiType")).startswith(_BOTTLEROCKET) for group in users)
