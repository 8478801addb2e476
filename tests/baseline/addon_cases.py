"""What the charts of add-ons give their pods and roles, as far as Pod Security and the policies read them.

The pods are data, ``addon_charts.yaml``, with the places where they were read. Images are those that a team has put into
its own registry. Helm is not run: a value is laid over what the chart renders by default, as Helm lays values.
"""

import copy
from pathlib import Path
from typing import Any

import yaml

from tests.baseline.objects import IMAGE

Values = dict[str, Any]
Pod = dict[str, Any]
_DATA = yaml.safe_load((Path(__file__).parent / "addon_charts.yaml").read_text(encoding="utf-8"))
CHARTS: dict[str, dict[str, dict[str, Any]]] = {name: parts for name, parts in _DATA.items() if name[0] != "_"}
"""Add-on -> part -> its pod by default, and the values that change it."""


def laid(default: Any, value: Any) -> Any:
    """Lay a value over a default, as Helm does: mappings by key, and all else whole."""
    if not isinstance(default, dict) or not isinstance(value, dict):
        return copy.deepcopy(value)
    keys = [*default, *(key for key in value if key not in default)]
    return {key: laid(default.get(key), value[key]) if key in value else copy.deepcopy(default[key]) for key in keys}


def _set(spec: Any, path: list[str], value: Any) -> None:
    key: Any = int(path[0]) if path[0].isdigit() else path[0]
    if len(path) > 1:
        _set(spec[key] if isinstance(key, int) else spec.setdefault(key, {}), path[1:], value)
    else:
        spec[key] = laid(spec.get(key), value)


def rendered(addon: str, values: Values) -> dict[str, Pod]:
    """Return part -> specification of its pods, under values of the chart. A value that no part reads is a mistake."""
    found, read = {}, set()
    for part, chart in CHARTS[addon].items():
        spec = copy.deepcopy(chart["pod"])
        for field, path in chart.get("values", {}).items():
            value: Any = values
            for key in path.split("."):
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                read.add(path)
                _set(spec, field.split("."), value)
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            container["image"] = IMAGE
        found[part] = spec
    unread = {path for path in _leaves(values) if not any(f"{path}.".startswith(f"{known}.") for known in read)}
    assert not {path for path in unread if path.split(".")[-1] not in SWITCHES}, unread
    return found


SWITCHES = {"enabled", "enableSecretRotation", "rotationPollInterval"}
"""Values that change no field of a pod which is judged."""


def _leaves(values: Any, path: str = "") -> set[str]:
    if not isinstance(values, dict):
        return {path}
    return {leaf for key, value in values.items() for leaf in _leaves(value, f"{path}.{key}" if path else key)}


PUBLISHED: dict[str, set[str]] = {
    "argo-cd": {"resources", "secret-env"},
    "cert-manager": {"resources"},
    "cluster-autoscaler": {
        "capabilities",
        "non-root",
        "privilege-escalation",
        "read-only-rootfs",
        "resources",
        "seccomp",
    },
    "external-dns": {"privilege-escalation", "resources", "seccomp"},
    "external-secrets": {"resources"},
    "istio": {"resources", "seccomp"},
    "karpenter": {"resources", "priority"},
    "load-balancer-controller": {"capabilities", "resources", "seccomp", "priority"},
    "metrics-server": {"resources", "priority"},
}
"""Add-on of a restricted namespace -> policies that refuse it as it is published, without its profile."""


def rule(groups: Any, resources: Any, verbs: Any) -> dict[str, Any]:
    return {"apiGroups": groups, "resources": resources, "verbs": verbs}


EVERYTHING = [rule(["*"], ["*"], ["*"]), {"nonResourceURLs": ["*"], "verbs": ["*"]}]
HOOKS = "admissionregistration.k8s.io"
ROLES: dict[str, dict[str, list[dict[str, Any]]]] = {
    "argo-cd": {
        "argocd-application-controller": EVERYTHING,
        "argocd-server": [rule(["*"], ["*"], ["delete", "get", "patch"]), rule([""], ["pods", "pods/log"], ["get"])],
    },
    "cert-manager": {
        "cert-manager-cainjector": [
            rule([HOOKS], ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
                 ["get", "list", "watch", "update", "patch"]),
        ],
    },
    "cloudwatch-observability": {
        "amazon-cloudwatch-observability-agent-role": [rule([""], ["nodes/proxy"], ["get"])],
        "cloudwatch-agent-role": [rule([""], ["nodes/proxy"], ["get"])],
        "cloudwatch-agent": [rule([""], ["nodes/proxy"], ["get"])],
    },
    "external-secrets": {
        "external-secrets-cert-controller": [
            rule([HOOKS], ["validatingwebhookconfigurations"], ["get", "list", "watch", "update", "patch"]),
        ],
    },
    "istio": {
        "istio-reader-clusterrole-istio-system": [rule(["networking.istio.io"], ["*"], ["get", "list", "watch"])],
        "istiod-clusterrole-istio-system": [
            rule([HOOKS], ["mutatingwebhookconfigurations"], ["get", "list", "watch", "update", "patch"]),
            rule(["networking.k8s.io"], ["ingresses/status"], ["*"]),
        ],
    },
}  # fmt: skip
"""Add-on -> its ClusterRoles that the policy `rbac` would refuse."""
OTHER_ROLES: dict[str, list[dict[str, Any]]] = {
    "cert-manager": [
        rule(["certificates.k8s.io"], ["certificatesigningrequests"], ["get", "list", "watch", "update"]),
        {**rule(["certificates.k8s.io"], ["signers"], ["sign"]), "resourceNames": ["issuers.cert-manager.io/*"]},
        {**rule(["cert-manager.io"], ["signers"], ["approve"]), "resourceNames": ["issuers.cert-manager.io/*"]},
    ],
    "load-balancer-controller": [
        rule(["elbv2.k8s.aws"], ["targetgroupbindings"], ["create", "delete", "get", "list", "patch", "update", "watch"]),
        rule(["", "networking.k8s.io"], ["services/status", "ingresses/status"], ["update", "patch"]),
    ],
    "karpenter": [
        rule([""], ["pods/eviction"], ["create"]), rule([""], ["nodes"], ["patch", "delete", "update", "create"]),
        rule(["karpenter.sh"], ["nodepools", "nodepools/status", "nodeclaims"], ["create", "delete", "update", "patch"]),
    ],
    "metrics-server": [rule([""], ["nodes/metrics"], ["get"]), rule([""], ["pods", "nodes"], ["get", "list", "watch"])],
    "external-dns": [rule([""], ["nodes", "pods", "services"], ["get", "list", "watch"])],
    "secrets-store-csi-driver": [rule([""], ["serviceaccounts/token"], ["create"])],
}  # fmt: skip
"""Add-on -> rules of its roles that need no exception."""
