"""Settings of the kubelet and of Bottlerocket that a team may add to those of the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeGuard

from hardened_eks._patterns import regex
from hardened_eks._tokens import is_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

_RESOURCES = ("cpu", "memory", "ephemeral-storage", "pid")
_QUANTITY = regex(r"\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?")
_THRESHOLD = regex(r"\d{1,2}(\.\d{1,2})?%|\d+(\.\d+)?(k|M|G|T|Ki|Mi|Gi|Ti)?")
_SIGNALS = (
    *("memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree"),
    "pid.available",
)
_SYSCTL = regex(r"[a-z0-9_-]+([./][A-Za-z0-9_-]+)+")
_HOST = regex(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?|\*")
_SERVER = regex(r"[A-Za-z0-9][A-Za-z0-9.:-]*")
_NAME = regex(r"[A-Za-z0-9_-]+")
_IMAGE = regex(r"[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}")
_PINNED = "registry/setup@sha256:... (64 digits)"
_BASE64 = regex(r"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeletSettings:
    """Settings of the kubelet, for both operating systems. Settings that harden the kubelet cannot be changed.

    Raises:
        ConfigurationError: the kubelet does not accept a value, or a value is known only at deployment. The error lists
            all mistakes.
    """

    max_pods: int | None = None
    """Maximum of pods on a node. Default: EKS's value for the instance type."""
    pod_pids_limit: int | None = None
    """Maximum of processes of a pod, 100 or more. Default: 4096 on AL2023, and Bottlerocket's own 1,048,576.
    Source: https://github.com/bottlerocket-os/bottlerocket/pull/3263"""
    kube_reserved: Mapping[str, str] = field(default_factory=dict)
    """Resources reserved for Kubernetes, for example ``{"cpu": "100m", "memory": "512Mi"}``. Default: EKS's values."""
    system_reserved: Mapping[str, str] = field(default_factory=dict)
    """Resources reserved for the operating system. Default: none."""
    eviction_hard: Mapping[str, str] = field(default_factory=dict)
    """Thresholds for the eviction of pods, for example ``{"memory.available": "5%"}``. The other thresholds keep their
    defaults. Default: EKS's values."""
    container_log_max_size: str | None = None
    """Maximum size of a container's log file, for example ``20Mi``. Default: 10Mi."""
    container_log_max_files: int | None = None
    """Number of log files that are kept for a container, 2 or more. Default: 5."""
    image_gc_high_threshold: int | None = None
    """Disk usage in percent that starts the removal of images. Default: 85."""
    image_gc_low_threshold: int | None = None
    """Disk usage in percent that ends the removal of images. Default: 80."""
    static_cpus: bool = False
    """Whether containers of guaranteed pods get exclusive CPUs. Default: no."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("KubeletSettings")
        problems.extend(_token_problems(self))
        for name, least, most in (
            ("max_pods", 1, 1000),
            ("pod_pids_limit", 100, 4_194_304),
            ("container_log_max_files", 2, 100),
            ("image_gc_high_threshold", 1, 100),
            ("image_gc_low_threshold", 0, 99),
        ):
            value = getattr(self, name)
            if value is not None and (not _whole(value) or not least <= value <= most):
                problems.add(f"{name} needs a whole number from {least} to {most}, got {value!r}")
        high, low = self.image_gc_high_threshold, self.image_gc_low_threshold
        if _whole(high) and _whole(low) and low >= high:
            problems.add(f"image_gc_low_threshold needs to be below image_gc_high_threshold {high}, got {low}")
        for name in ("kube_reserved", "system_reserved"):
            problems.extend(_table_problems(name, getattr(self, name), _RESOURCES, _QUANTITY, "512Mi"))
        problems.extend(_table_problems("eviction_hard", self.eviction_hard, _SIGNALS, _THRESHOLD, "5%"))
        size = self.container_log_max_size
        if size is not None and not (isinstance(size, str) and _QUANTITY.fullmatch(size)):
            problems.add(f"container_log_max_size needs a size such as 20Mi, got {size!r}")
        if not isinstance(self.static_cpus, bool):
            problems.add(f"static_cpus needs True or False, got {self.static_cpus!r}")
        problems.raise_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class BottlerocketSettings:
    """Further settings of Bottlerocket. Settings that harden it, and those that EKS sets, cannot be changed.

    Raises:
        ConfigurationError: Bottlerocket does not accept a value, or a value is known only at deployment. The error
            lists all mistakes.
    """

    sysctl: Mapping[str, str] = field(default_factory=dict)
    """Kernel parameters, for example ``{"vm.max_map_count": "262144"}``. Default: none."""
    time_servers: Sequence[str] = ()
    """NTP servers, for example ``169.254.169.123``, which needs no internet access. Default: those of Bottlerocket."""
    registry_mirrors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """HTTPS URLs of mirrors by registry, for example ``docker.io``. Default: none."""
    certificates: Mapping[str, str] = field(default_factory=dict)
    """Certificate authorities to trust, in PEM as base64, by a name that you choose. Default: none."""
    bootstrap_containers: Mapping[str, str] = field(default_factory=dict)
    """Images by digest of containers that run once before the node joins, by a name that you choose. They can access
    the host's file system, so ND-22 refuses them without a waiver. Default: none."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("BottlerocketSettings")
        problems.extend(_token_problems(self))
        problems.extend(self._map_problems())
        servers = self.time_servers
        if not isinstance(servers, list | tuple) or not all(
            isinstance(server, str) and _SERVER.fullmatch(server) for server in servers
        ):
            problems.add(f"time_servers needs a list of addresses such as 169.254.169.123, got {servers!r}")
        problems.raise_any()

    def _map_problems(self) -> Iterator[str]:
        for name, wanted in (
            ("sysctl", "kernel parameters and their values as strings"),
            ("registry_mirrors", "registries and lists of URLs"),
            ("certificates", "names and PEM in base64"),
            ("bootstrap_containers", "names and images"),
        ):
            if not isinstance(getattr(self, name), Mapping):
                yield f"{name} needs a mapping of {wanted}, got {getattr(self, name)!r}"
                return
        for key, value in self.sysctl.items():
            if not (_matches(_SYSCTL, key) and isinstance(value, str) and value.isprintable()):
                yield f"sysctl needs a parameter such as vm.max_map_count and a string, got {key!r}: {value!r}"
        for host, urls in self.registry_mirrors.items():
            usable = isinstance(urls, list | tuple) and urls and all(_is_https(url) for url in urls)
            if not _matches(_HOST, host) or not usable:
                yield f"registry_mirrors needs a registry such as docker.io and https URLs, got {host!r}: {urls!r}"
        for key, value in self.certificates.items():
            if not _matches(_NAME, key) or not _matches(_BASE64, value):
                yield f"certificates needs a name of letters, digits, -, _ and PEM in base64, got {key!r}: {value!r}"
        yield from self._container_problems()

    def _container_problems(self) -> Iterator[str]:
        for key, value in self.bootstrap_containers.items():
            if not _matches(_NAME, key) or not _matches(_IMAGE, value):
                yield f"bootstrap_containers needs a name and an image such as {_PINNED}, got {key!r}: {value!r}"


def settings_problems(kubelet: object, bottlerocket: object, *, is_bottlerocket: bool) -> Iterator[str]:
    """Yield the mistakes in the settings of a node group."""
    if kubelet is not None and not isinstance(kubelet, KubeletSettings):
        yield f"kubelet needs KubeletSettings, got {kubelet!r}"
    if bottlerocket is not None and not isinstance(bottlerocket, BottlerocketSettings):
        yield f"bottlerocket needs BottlerocketSettings, got {bottlerocket!r}"
    elif bottlerocket is not None and not is_bottlerocket:
        yield "bottlerocket is only for operating_system=BOTTLEROCKET: leave it out"


def _token_problems(settings: Any) -> Iterator[str]:
    for one in fields(settings):
        value = getattr(settings, one.name)
        parts = [*value, *value.values()] if isinstance(value, Mapping) else [value]
        if any(is_token(part) for part in parts):
            yield f"{one.name} needs values known during synthesis, since user data is encoded, got a deploy-time value"


def _table_problems(
    name: str, table: object, keys: Sequence[str], form: re.Pattern[str], example: str
) -> Iterator[str]:
    if not isinstance(table, Mapping):
        yield f"{name} needs a mapping of strings to strings, got {table!r}"
        return
    for key, value in table.items():
        if key not in keys or not isinstance(value, str) or not form.fullmatch(value):
            yield f"{name} needs one of {', '.join(keys)} with a value such as {example}, got {key!r}: {value!r}"


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _matches(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _is_https(url: object) -> bool:
    return isinstance(url, str) and url.startswith("https://") and url.isprintable() and '"' not in url
