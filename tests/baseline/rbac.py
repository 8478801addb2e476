"""What RBAC allows, by the roles and bindings of a list of objects.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

PLURALS = {
    "Namespace": "namespaces", "ServiceAccount": "serviceaccounts", "Role": "roles", "RoleBinding": "rolebindings",
    "ClusterRole": "clusterroles", "ClusterRoleBinding": "clusterrolebindings", "CronJob": "cronjobs",
    "ConfigMap": "configmaps", "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings", "LimitRange": "limitranges",
    "ResourceQuota": "resourcequotas", "NetworkPolicy": "networkpolicies", "StorageClass": "storageclasses",
    "ClusterNetworkPolicy": "clusternetworkpolicies", "ApplicationNetworkPolicy": "applicationnetworkpolicies",
    "SecurityGroupPolicy": "securitygrouppolicies", "IngressClass": "ingressclasses",
    "IngressClassParams": "ingressclassparams", "NodeClass": "nodeclasses", "NodePool": "nodepools",
    "PeerAuthentication": "peerauthentications",
}  # fmt: skip
Question = tuple[tuple[str, str, str], dict[str, Any]]


def can(
    objects: Sequence[dict[str, Any]],
    group: str,
    verb: str,
    api: str,
    resource: str,
    *,
    name: str | None = None,
    namespace: str | None = None,
) -> bool:
    """Return whether a group may do something; a request without a name is one that creates."""
    roles = {
        (o["kind"], o["metadata"].get("namespace"), o["metadata"]["name"]): o["rules"] for o in objects if "rules" in o
    }
    for binding in (o for o in objects if "subjects" in o):
        where = binding["metadata"].get("namespace")
        if where not in (None, namespace) or group not in [s["name"] for s in binding["subjects"]]:
            continue
        for rule in roles[binding["roleRef"]["kind"], where, binding["roleRef"]["name"]]:
            if (
                verb in rule["verbs"]
                and api in rule["apiGroups"]
                and resource in rule["resources"]
                and ("resourceNames" not in rule or name in rule["resourceNames"])
            ):
                return True
    return False


def applied(item: dict[str, Any], *, exists: bool | None = None) -> Iterator[Question]:
    """Yield what `kubectl apply` asks for an object: it reads it, creates what is missing and patches what differs.

    Args:
        exists: whether it exists. Default: both questions are asked.
    """
    metadata = item["metadata"]
    api, resource = item["apiVersion"].rpartition("/")[0], PLURALS[item["kind"]]
    where = {"namespace": metadata.get("namespace")}
    named = {"name": metadata["name"], **where}
    yield ("get", api, resource), named
    if exists is not False:
        yield ("patch", api, resource), named
    if exists is not True:
        yield ("create", api, resource), where  # the name of a new object is not known to RBAC
    # Who writes rights needs them, or these verbs.
    if item["kind"] == "Role":
        yield ("escalate", api, resource), named if exists else where
    if item["kind"] == "RoleBinding":
        yield ("bind", api, f"{item['roleRef']['kind'].lower()}s"), {"name": item["roleRef"]["name"], **where}
