"""Permissions of viewers, developers and operators of a namespace: no wildcards, no privilege escalation."""

from __future__ import annotations

from typing import Any, Final

READ: Final = ("get", "list", "watch")
WRITE: Final = ("create", "delete", "patch", "update")
Rule = dict[str, list[str]]


def _rule(group: str, verbs: tuple[str, ...], *resources: str) -> Rule:
    return {"apiGroups": [group], "resources": sorted(resources), "verbs": sorted(verbs)}


VIEWER: Final[tuple[Rule, ...]] = (
    _rule(
        "",
        READ,
        "configmaps",
        "endpoints",
        "events",
        "limitranges",
        "persistentvolumeclaims",
        "pods",
        "pods/log",
        "pods/status",
        "replicationcontrollers",
        "resourcequotas",
        "serviceaccounts",
        "services",
    ),
    _rule("apps", READ, "controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"),
    _rule("autoscaling", READ, "horizontalpodautoscalers"),
    _rule("batch", READ, "cronjobs", "jobs"),
    _rule("discovery.k8s.io", READ, "endpointslices"),
    _rule("events.k8s.io", READ, "events"),
    _rule("gateway.networking.k8s.io", READ, "grpcroutes", "httproutes"),
    _rule("metrics.k8s.io", READ, "pods"),
    _rule("networking.k8s.io", READ, "ingresses", "networkpolicies"),
    _rule("policy", READ, "poddisruptionbudgets"),
    _rule("rbac.authorization.k8s.io", READ, "rolebindings", "roles"),
)
"""Reads everything except Secrets."""

DEVELOPER: Final[tuple[Rule, ...]] = (
    *VIEWER,
    _rule("", WRITE, "configmaps", "persistentvolumeclaims", "services"),
    _rule("", ("create", "delete"), "pods"),
    _rule("apps", WRITE, "daemonsets", "deployments", "statefulsets"),
    _rule("apps", ("patch", "update"), "deployments/scale", "statefulsets/scale"),
    _rule("autoscaling", WRITE, "horizontalpodautoscalers"),
    _rule("batch", WRITE, "cronjobs", "jobs"),
    _rule("gateway.networking.k8s.io", WRITE, "grpcroutes", "httproutes"),
    _rule("networking.k8s.io", WRITE, "ingresses"),
    _rule("policy", WRITE, "poddisruptionbudgets"),
)
"""Deploys and changes workloads. Cannot read Secrets through the API, but its workloads can mount them."""

OPERATOR: Final[tuple[Rule, ...]] = (
    *DEVELOPER,
    _rule("", (*READ, *WRITE), "secrets"),
    _rule("", WRITE, "serviceaccounts"),
    _rule("", ("create",), "pods/eviction"),
)
"""Manages Secrets and service accounts too. Network policies, quotas and roles stay with the platform team."""

ROLES: Final[dict[str, tuple[Rule, ...]]] = {"developer": DEVELOPER, "operator": OPERATOR, "viewer": VIEWER}
"""Rules by role."""


def binding(role: str, groups: list[str]) -> dict[str, Any]:
    """Return the body of the RoleBinding of `role` to groups of access entries."""
    return {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": g} for g in sorted(groups)],
    }
