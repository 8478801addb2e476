"""The image of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.data import node_images

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.data.instances import InstanceType

_LOOKED_UP = "resolve:ssm:{}"
# (system, architecture, FIPS, NVIDIA) -> AMI type
# (https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html)
_AMI_TYPES = {
    (system, architecture, fips, nvidia): name
    for system, fips, nvidia, pattern in (
        (OperatingSystem.BOTTLEROCKET, False, False, "BOTTLEROCKET_{}"),
        (OperatingSystem.BOTTLEROCKET, True, False, "BOTTLEROCKET_{}_FIPS"),
        (OperatingSystem.BOTTLEROCKET, False, True, "BOTTLEROCKET_{}_NVIDIA"),
        (OperatingSystem.BOTTLEROCKET, True, True, "BOTTLEROCKET_{}_NVIDIA_FIPS"),
        (OperatingSystem.AL2023, False, False, "AL2023_{}_STANDARD"),
        (OperatingSystem.AL2023, False, True, "AL2023_{}_NVIDIA"),
    )
    for architecture, part in (("arm64", "ARM_64"), ("x86_64", "x86_64"))
    for name in [pattern.format(part)]
}


def ami_type(system: OperatingSystem, architecture: str, *, fips: bool, nvidia: bool) -> str:
    """Return EKS's name of the image of a managed node group, for example ``BOTTLEROCKET_ARM_64``."""
    return _AMI_TYPES[system, architecture, fips, nvidia]


def node_parameter(
    system: OperatingSystem, architecture: str, *, version: str, release: str | None, fips: bool, nvidia: bool
) -> str:
    """Return the image of a self-managed node, which EC2 Auto Scaling looks up in Systems Manager at each launch.

    `hardened_eks.data.node_images` has the source of the parameters' names.

    Args:
        system: the operating system.
        architecture: ``arm64`` or ``x86_64``.
        version: Kubernetes version, for example ``1.36``.
        release: release of the image. None: the newest at each launch.
        fips: image with FIPS 140-3 validated cryptography; Bottlerocket only.
        nvidia: image with NVIDIA's drivers.
    """
    if system is OperatingSystem.BOTTLEROCKET:
        flavor = f"{'-nvidia' if nvidia else ''}{'-fips' if fips else ''}"
        return _LOOKED_UP.format(
            node_images.BOTTLEROCKET.format(
                version=version, flavor=flavor, architecture=architecture, release=release or "latest"
            )
        )
    kind, name = "nvidia" if nvidia else "standard", "recommended"
    if release is not None:
        day = release.rpartition("-")[2]
        name = f"amazon-eks-node-al2023-{architecture}-{kind}-{version}-v{day}"
    return _LOOKED_UP.format(
        node_images.AL2023.format(version=version, architecture=architecture, kind=kind, release=name)
    )


def general_purpose(architecture: str) -> str:
    """Return the image of an instance that is not a node: the newest Amazon Linux 2023 at launch."""
    return _LOOKED_UP.format(node_images.GENERAL_PURPOSE.format(architecture=architecture))


def image_problems(kinds: Sequence[InstanceType], system: object, *, fips: bool, nvidia: bool) -> Iterator[str]:
    """Yield why no image fits the arguments."""
    if system not in tuple(OperatingSystem):
        yield f"operating_system needs one of {', '.join(OperatingSystem)}, got {system!r}"
        return
    if fips and system == OperatingSystem.AL2023:
        yield "fips=True needs operating_system=BOTTLEROCKET: EKS has no FIPS image of AL2023"
    if nvidia and any(not kind.gpu for kind in kinds if kind.vcpus):
        without = ", ".join(kind.name for kind in kinds if not kind.gpu)
        yield f"nvidia=True needs types with an NVIDIA GPU such as g6.xlarge or p5.48xlarge, got {without}"
    if not nvidia and any(kind.gpu == "NVIDIA" for kind in kinds):
        yield f"{', '.join(k.name for k in kinds if k.gpu)} has an NVIDIA GPU: pass nvidia=True to get the drivers"
