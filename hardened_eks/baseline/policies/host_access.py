from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, POD_CONTEXT, PODS, SPEC, VOLUMES
from hardened_eks.baseline.policies.model import Match, Policy, Validation

SYSCTLS: Final = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
)
"""Sysctls of the pod's own namespaces that cannot affect other pods.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ (1.34)
"""

HANDLERS: Final = (
    "handlers",
    (
        "variables.containers.map(c, (has(c.livenessProbe) && c.livenessProbe != null ? [c.livenessProbe] : [])"
        " + (has(c.readinessProbe) && c.readinessProbe != null ? [c.readinessProbe] : [])"
        " + (has(c.startupProbe) && c.startupProbe != null ? [c.startupProbe] : [])"
        " + (has(c.lifecycle) && c.lifecycle != null && has(c.lifecycle.postStart) && c.lifecycle.postStart != null"
        " ? [c.lifecycle.postStart] : [])"
        " + (has(c.lifecycle) && c.lifecycle != null && has(c.lifecycle.preStop) && c.lifecycle.preStop != null"
        " ? [c.lifecycle.preStop] : []))"
    ),
)

DISK: Final = ("disk", SPEC[1])
"""The specification of a persistent volume."""


def _unset(name: str) -> str:
    return f"(!has(variables.pod.{name}) || variables.pod.{name} != true)"


def _none(field: str) -> str:
    return f"(!has({field}) || {field} == null)"


def _no_host(action: str) -> str:
    return (
        f"(!has(h.{action}) || h.{action} == null || !has(h.{action}.host)"
        f' || h.{action}.host == null || h.{action}.host == "")'
    )


POLICY = Policy(
    id="host-access",
    title="Pods and volumes have no access to the node",
    why="The host's namespaces, files, ports and devices lead out of the container to the node and its other pods.",
    matches=(*PODS, Match("", ("persistentvolumes",))),
    conditions=(CHANGES,),
    variables=(*BASE, VOLUMES, POD_CONTEXT, CONTEXTS, HANDLERS, DISK),
    validations=(
        Validation(
            " && ".join(map(_unset, ("hostNetwork", "hostPID", "hostIPC"))),
            "the pod shares a namespace of the node: remove hostNetwork, hostPID and hostIPC",
        ),
        Validation(
            " && ".join(
                f"variables.volumes.all(v, {_none(f'v.{kind}')})" for kind in ("hostPath", "flexVolume", "gitRepo")
            ),
            "a volume is a hostPath, flexVolume or gitRepo: use a persistentVolumeClaim, an emptyDir or a configMap",
        ),
        Validation(
            " && ".join(_none(f"variables.disk.{kind}") for kind in ("hostPath", "local", "flexVolume")),
            "the persistent volume is a directory or disk of the node: use a CSI driver",
        ),
        Validation(
            "variables.containers.all(c, !has(c.ports) || c.ports == null"
            " || c.ports.all(p, !has(p.hostPort) || p.hostPort == null || p.hostPort == 0))",
            "a container opens a port of the node: remove hostPort and use a Service",
        ),
        Validation(
            "variables.contexts.all(s, !has(s.privileged) || s.privileged != true)",
            "a container is privileged: remove securityContext.privileged",
        ),
        Validation(
            'variables.contexts.all(s, !has(s.procMount) || s.procMount == null || s.procMount == "Default")',
            "a container sees all of /proc: remove securityContext.procMount",
        ),
        Validation(
            "(variables.contexts + [variables.podContext]).all(s, !has(s.windowsOptions) || s.windowsOptions == null"
            " || !has(s.windowsOptions.hostProcess) || s.windowsOptions.hostProcess != true)",
            "a container is a Windows host process: remove securityContext.windowsOptions.hostProcess",
        ),
        Validation(
            "!has(variables.podContext.sysctls) || variables.podContext.sysctls == null"
            f" || variables.podContext.sysctls.all(s, has(s.name) && s.name in {list(SYSCTLS)!r})",
            "the pod sets a sysctl that reaches the node or its neighbors: remove it from securityContext.sysctls",
        ),
        Validation(
            "variables.handlers.all(handlers, handlers.all(h, "
            + _no_host("httpGet")
            + " && "
            + _no_host("tcpSocket")
            + "))",
            "a probe or lifecycle handler names a host, which the kubelet would call: remove host",
        ),
    ),
)
