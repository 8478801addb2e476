"""What nodes are told at first boot; EKS adds the cluster's own part."""

from __future__ import annotations

from hardened_eks.compute._settings import OperatingSystem

_BOUNDARY = "//"


def user_data(system: OperatingSystem, *, nvidia: bool, session_manager: bool) -> str:
    """Render the settings of an operating system.

    Args:
        system: the operating system.
        nvidia: the image loads NVIDIA's kernel modules, which lockdown would refuse.
        session_manager: operators reach the node through SSM.
    """
    if system is OperatingSystem.BOTTLEROCKET:
        return _bottlerocket(nvidia=nvidia, session_manager=session_manager)
    return _al2023()


def _bottlerocket(*, nvidia: bool, session_manager: bool) -> str:
    # https://bottlerocket.dev/en/os/latest/api/settings/
    lines = [
        "[settings.host-containers.admin]",
        "enabled = false",
        "[settings.host-containers.control]",
        f"enabled = {str(session_manager).lower()}",
        "[settings.kubernetes]",
        "seccomp-default = true",
    ]
    if not nvidia:
        lines += ["[settings.kernel]", 'lockdown = "integrity"']
    return "\n".join(lines) + "\n"


def _al2023() -> str:
    # https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
    return "\n".join(
        [
            "MIME-Version: 1.0",
            f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"',
            "",
            f"--{_BOUNDARY}",
            "Content-Type: application/node.eks.aws",
            "",
            "apiVersion: node.eks.aws/v1alpha1",
            "kind: NodeConfig",
            "spec:",
            "  kubelet:",
            "    config:",
            "      seccompDefault: true",
            "      protectKernelDefaults: true",
            "      podPidsLimit: 4096",
            "",
            f"--{_BOUNDARY}--",
            "",
        ]
    )
