"""Pod Security as the API servers of 1.34 to 1.37 decide it: the rules of the levels baseline and restricted.

Sources: https://kubernetes.io/docs/concepts/security/pod-security-standards/ and the checks of
k8s.io/pod-security-admission (policy/), of which this is a port.
"""

from collections.abc import Callable, Iterator
from typing import Any

Pod = dict[str, Any]
Version = tuple[int, int]
VERSIONS: tuple[Version, ...] = ((1, 34), (1, 35), (1, 36), (1, 37))
USER_NAMESPACES: Version = (1, 35)
"""From here on a pod with ``hostUsers: false`` may be root and see all of /proc (KEP-127)."""

BASELINE_CAPABILITIES = set(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID"
    " SYS_CHROOT".split()
)
SELINUX = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
SYSCTLS: tuple[tuple[Version, set[str]], ...] = (
    ((1, 0), {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
              "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range"}),
    ((1, 27), {"net.ipv4.ip_local_reserved_ports"}),
    ((1, 29), {"net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
               "net.ipv4.tcp_keepalive_probes"}),
    ((1, 32), {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}),
    ((1, 37), {"net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"}),
)  # fmt: skip
VOLUMES = set("configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split())
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


def refused(pod: Pod, level: str, version: Version) -> set[str]:
    """Return the checks that refuse a pod (metadata and spec) at a level and version."""
    checks = {**BASELINE, **(RESTRICTED if level == "restricted" else {})}
    return {name for name, check in checks.items() if not check(pod, version)} if level != "privileged" else set()


def containers(pod: Pod) -> list[dict[str, Any]]:
    lists = ("containers", "initContainers", "ephemeralContainers")
    return [c for name in lists for c in pod["spec"].get(name) or ()]


def contexts(pod: Pod) -> list[dict[str, Any]]:
    return [c.get("securityContext") or {} for c in containers(pod)]


def everywhere(pod: Pod) -> list[dict[str, Any]]:
    return [pod["spec"].get("securityContext") or {}, *contexts(pod)]


def windows(pod: Pod) -> bool:
    return (pod["spec"].get("os") or {}).get("name") == "windows"


def own_users(pod: Pod, version: Version) -> bool:
    return version >= USER_NAMESPACES and pod["spec"].get("hostUsers") is False


def hosts(container: dict[str, Any]) -> Iterator[str]:
    lifecycle = container.get("lifecycle") or {}
    probes = [container.get(p) for p in ("livenessProbe", "readinessProbe", "startupProbe")]
    for handler in (*probes, lifecycle.get("postStart"), lifecycle.get("preStop")):
        for action in ("httpGet", "tcpSocket"):
            yield ((handler or {}).get(action) or {}).get("host") or ""


def added(context: dict[str, Any]) -> set[str]:
    return set((context.get("capabilities") or {}).get("add") or ())


def seccomp(context: dict[str, Any]) -> str | None:
    return (context.get("seccompProfile") or {}).get("type")


def unmasked(pod: Pod) -> bool:
    return any(c.get("procMount") not in {None, "Default"} for c in contexts(pod))


def selinux(pod: Pod, _: Version) -> bool:
    options = [c.get("seLinuxOptions") or {} for c in everywhere(pod)]
    return all((o.get("type") or "") in SELINUX and not o.get("user") and not o.get("role") for o in options)


def apparmor(pod: Pod, _: Version) -> bool:
    profiles = [(c.get("appArmorProfile") or {}).get("type") for c in everywhere(pod)]
    notes = (pod.get("metadata") or {}).get("annotations") or {}
    named = [value for key, value in notes.items() if key.startswith(APPARMOR)]
    return all(p in {None, "RuntimeDefault", "Localhost"} for p in profiles) and all(
        value in {"", "runtime/default"} or value.startswith("localhost/") for value in named
    )


def sysctls(pod: Pod, version: Version) -> bool:
    safe = {name for since, names in SYSCTLS if version >= since for name in names}
    return all(s["name"] in safe for s in (pod["spec"].get("securityContext") or {}).get("sysctls") or ())


def non_root(pod: Pod, version: Version) -> bool:
    whole, *each = (c.get("runAsNonRoot") for c in everywhere(pod))
    return own_users(pod, version) or (whole is not False and all(whole if c is None else c for c in each))


def profiled(pod: Pod, _: Version) -> bool:
    whole, *each = (seccomp(c) for c in everywhere(pod))
    good = {"RuntimeDefault", "Localhost"}
    return windows(pod) or (whole in {None, *good} and all((c or whole) in good for c in each))


def volumes(pod: Pod) -> list[set[str]]:
    return [
        {k for k, v in volume.items() if k != "name" and v is not None} for volume in pod["spec"].get("volumes") or ()
    ]


Check = Callable[[Pod, Version], bool]
BASELINE: dict[str, Check] = {
    "hostNamespaces": lambda pod, _: not any(pod["spec"].get(k) for k in ("hostNetwork", "hostPID", "hostIPC")),
    "privileged": lambda pod, _: not any(c.get("privileged") for c in contexts(pod)),
    "windowsHostProcess": lambda pod, _: (
        not any((c.get("windowsOptions") or {}).get("hostProcess") for c in everywhere(pod))
    ),
    "capabilities_baseline": lambda pod, _: all(added(c) <= BASELINE_CAPABILITIES for c in contexts(pod)),
    "hostPathVolumes": lambda pod, _: not any("hostPath" in kinds for kinds in volumes(pod)),
    "hostPorts": lambda pod, _: not any(p.get("hostPort") for c in containers(pod) for p in c.get("ports") or ()),
    "hostProbesAndHostLifecycle": lambda pod, version: (
        version < (1, 34) or not any(host for c in containers(pod) for host in hosts(c))
    ),
    "appArmorProfile": apparmor,
    "seLinuxOptions": selinux,
    "procMount": lambda pod, version: own_users(pod, version) or not unmasked(pod),
    "seccompProfile_baseline": lambda pod, _: all(
        seccomp(c) in {None, "RuntimeDefault", "Localhost"} for c in everywhere(pod)
    ),
    "sysctls": sysctls,
}
RESTRICTED: dict[str, Check] = {
    "restrictedVolumes": lambda pod, _: all(kinds & VOLUMES for kinds in volumes(pod)),
    "allowPrivilegeEscalation": lambda pod, _: (
        windows(pod) or all(c.get("allowPrivilegeEscalation") is False for c in contexts(pod))
    ),
    "runAsNonRoot": non_root,
    "runAsUser": lambda pod, version: own_users(pod, version) or all(c.get("runAsUser") != 0 for c in everywhere(pod)),
    "seccompProfile_restricted": profiled,
    "capabilities_restricted": lambda pod, _: (
        windows(pod)
        or all(
            "ALL" in ((c.get("capabilities") or {}).get("drop") or ()) and added(c) <= {"NET_BIND_SERVICE"}
            for c in contexts(pod)
        )
    ),
    "procMount_restricted": lambda pod, version: version < USER_NAMESPACES or not unmasked(pod),
}
