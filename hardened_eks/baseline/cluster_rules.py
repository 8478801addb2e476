"""Permissions in a cluster of the Config rules' function: it may read three lists, and no Secrets."""

from __future__ import annotations

from typing import Any, Final

from hardened_eks.baseline.objects import thing
from hardened_eks.data.cluster_rules import GROUP

NAME: Final = "hardened-eks-config-rules"
_API: Final = "rbac.authorization.k8s.io"


def reader() -> list[dict[str, Any]]:
    """Return the ClusterRole, and its binding to the group of the function's access entry.

    An access entry itself gives a group no permissions, and CloudFormation cannot create RBAC objects: apply these.
    """
    rules = [
        {"apiGroups": [""], "resources": ["namespaces", "pods"], "verbs": ["list"]},
        {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": ["list"]},
    ]
    return [
        thing(f"{_API}/v1", "ClusterRole", NAME, rules=rules),
        thing(
            f"{_API}/v1",
            "ClusterRoleBinding",
            NAME,
            roleRef={"apiGroup": _API, "kind": "ClusterRole", "name": NAME},
            subjects=[{"apiGroup": _API, "kind": "Group", "name": GROUP}],
        ),
    ]
