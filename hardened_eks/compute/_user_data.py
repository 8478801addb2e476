"""The user data of nodes. EKS adds the settings of the cluster."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
from hardened_eks.compute._settings import OperatingSystem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.compute._joining import Joining

_BOUNDARY = "//"
# Names in Bottlerocket and in the kubelet's own configuration, by field of `KubeletSettings`.
# https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/ and
# https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
_KUBELET = {
    "max_pods": ("max-pods", "maxPods"),
    "pod_pids_limit": ("pod-pids-limit", "podPidsLimit"),
    "kube_reserved": ("kube-reserved", "kubeReserved"),
    "system_reserved": ("system-reserved", "systemReserved"),
    "eviction_hard": ("eviction-hard", "evictionHard"),
    "container_log_max_size": ("container-log-max-size", "containerLogMaxSize"),
    "container_log_max_files": ("container-log-max-files", "containerLogMaxFiles"),
    "image_gc_high_threshold": ("image-gc-high-threshold-percent", "imageGCHighThresholdPercent"),
    "image_gc_low_threshold": ("image-gc-low-threshold-percent", "imageGCLowThresholdPercent"),
    "static_cpus": ("cpu-manager-policy", "cpuManagerPolicy"),
}
_EVICTION = {
    "memory.available": "100Mi",
    "nodefs.available": "10%",
    "nodefs.inodesFree": "5%",
    "imagefs.available": "15%",
    "imagefs.inodesFree": "5%",
}
"""The thresholds of the kubelet, which it sets to zero if its configuration contains any threshold. Bottlerocket passes
only the given ones on; AL2023 merges them with its own.

Sources:
    https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#hard-eviction-thresholds
    https://github.com/bottlerocket-os/bottlerocket-core-kit (packages/kubernetes-1.34/kubelet-config)
    https://github.com/awslabs/amazon-eks-ami (nodeadm/internal/kubelet/config.go)
"""


def user_data(
    system: OperatingSystem,
    *,
    nvidia: bool,
    session_manager: bool,
    kubelet: KubeletSettings | None = None,
    bottlerocket: BottlerocketSettings | None = None,
    joining: Joining | None = None,
) -> str:
    """Render the settings of an operating system, the library's and the team's in one document.

    Args:
        system: the operating system.
        nvidia: whether the image loads NVIDIA's kernel modules, which lockdown would refuse.
        session_manager: whether operators can reach the node through SSM.
        kubelet: the team's settings of the kubelet. Default: none.
        bottlerocket: the team's settings of Bottlerocket. Default: none.
        joining: settings with which the node joins its cluster. Default: EKS adds them, as for managed nodes.
    """
    if system is OperatingSystem.BOTTLEROCKET:
        more = bottlerocket or BottlerocketSettings()
        settings = _bottlerocket(more, kubelet, nvidia=nvidia, session_manager=session_manager)
        if joining is not None:
            settings["kubernetes"] |= joining.bottlerocket()
        return "".join(f"{line}\n" for line in _toml("settings", settings))
    return _al2023(kubelet, joining)


def _bottlerocket(
    more: BottlerocketSettings, kubelet: KubeletSettings | None, *, nvidia: bool, session_manager: bool
) -> dict[str, Any]:
    # https://bottlerocket.dev/en/os/latest/api/settings/
    mirrors = [{"registry": host, "endpoint": list(urls)} for host, urls in more.registry_mirrors.items()]
    kernel: dict[str, Any] = {} if nvidia else {"lockdown": "integrity"}
    return {
        "host-containers": {"admin": {"enabled": False}, "control": {"enabled": session_manager}},
        "bootstrap-containers": {
            name: {"source": image, "mode": "once", "essential": True}
            for name, image in more.bootstrap_containers.items()
        },
        "kubernetes": {"seccomp-default": True, **_kubelet(_with_all_thresholds(kubelet), 0)},
        "kernel": {**kernel, "sysctl": dict(more.sysctl)},
        "ntp": {"time-servers": list(more.time_servers)} if more.time_servers else {},
        "container-registry": {"mirrors": mirrors} if mirrors else {},
        "pki": {name: {"data": data, "trusted": True} for name, data in more.certificates.items()},
    }


def _kubelet(settings: KubeletSettings | None, style: int) -> dict[str, Any]:
    """Return the settings of the kubelet, with the names of Bottlerocket (0) or of the kubelet itself (1)."""
    found: dict[str, Any] = {}
    for name, names in _KUBELET.items():
        value = getattr(settings, name, None)
        if value is None or value is False or value == {}:
            continue
        found[names[style]] = "static" if value is True else dict(value) if isinstance(value, Mapping) else value
    return found


def planned_with(settings: KubeletSettings | None) -> dict[str, Any]:
    """Return the settings of the kubelet that Karpenter needs to plan capacity, with the names of its EC2NodeClass."""
    known = {
        *("maxPods", "kubeReserved", "systemReserved", "evictionHard"),
        *("imageGCHighThresholdPercent", "imageGCLowThresholdPercent"),
    }
    return {name: value for name, value in _kubelet(_with_all_thresholds(settings), 1).items() if name in known}


def _with_all_thresholds(settings: KubeletSettings | None) -> KubeletSettings | None:
    """Return the settings with every threshold of `_EVICTION` if they contain one."""
    if settings is None or not settings.eviction_hard:
        return settings
    return replace(settings, eviction_hard={**_EVICTION, **settings.eviction_hard})


def without_percentages(settings: KubeletSettings | None) -> KubeletSettings | None:
    """Return the settings of the kubelet for the user data of a Karpenter node.

    Karpenter writes the percentages of `planned_with` itself, and launches no node if user data has them as numbers:
    https://github.com/aws/karpenter-provider-aws/blob/main/pkg/providers/amifamily/bootstrap/bottlerocketsettings.go
    """
    if settings is None:
        return None
    return replace(settings, image_gc_high_threshold=None, image_gc_low_threshold=None)


def _toml(path: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table: its own values first, below its name, then its nested tables."""
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    if plain:
        yield f"[{path}]"
        yield from (f"{_key(key)} = {json.dumps(value)}" for key, value in plain.items())
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _toml(f"{path}.{_key(key)}", value)
        elif _is_table(value):
            for item in value:
                yield f"[[{path}.{_key(key)}]]"
                yield from (f"{_key(name)} = {json.dumps(one)}" for name, one in item.items())


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name)


def _yaml(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)  # JSON is YAML


def _al2023(kubelet: KubeletSettings | None, joining: Joining | None) -> str:
    # https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
    config = {"seccompDefault": True, "protectKernelDefaults": True, "podPidsLimit": 4096, **_kubelet(kubelet, 1)}
    flags = [] if joining is None else joining.kubelet_flags()
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
            *([] if joining is None else joining.nodeadm()),
            "  kubelet:",
            "    config:",
            *(f"      {key}: {_yaml(value)}" for key, value in config.items()),
            *(["    flags:", *(f"      - {json.dumps(flag)}" for flag in flags)] if flags else []),
            "",
            f"--{_BOUNDARY}--",
            "",
        ]
    )
