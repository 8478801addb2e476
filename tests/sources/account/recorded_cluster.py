"""Clusters as a TLS server with recorded answers shows them; no Kubernetes runs here."""

from __future__ import annotations

import base64
from typing import Any

from tests.sources.account.double import DoubleOfAws
from tests.sources.kubernetes.server import Asked, RecordedApi, Said, paged, status

GROUPS = {
    "admissionregistration.k8s.io": "v1", "apps": "v1", "batch": "v1", "networking.k8s.io": "v1", "storage.k8s.io": "v1",
    "rbac.authorization.k8s.io": "v1", "karpenter.sh": "v1",
}  # fmt: skip
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.34"}


def item(
    name: str, namespace: str = "", *, owner: str = "", labels: dict[str, str] | None = None, **rest: Any
) -> dict[str, Any]:
    """An object as lists have it: without apiVersion and kind, with what the server adds."""
    owners = [{"apiVersion": "x", "kind": owner, "name": "o", "uid": "1", "controller": True}] if owner else []
    metadata = {
        "name": name, "uid": "u", "resourceVersion": "1", "managedFields": [{"manager": "kubectl"}],
        **({"namespace": namespace} if namespace else {}), **({"ownerReferences": owners} if owners else {}),
        **({"labels": labels} if labels else {}),
    }  # fmt: skip
    return {"metadata": metadata, "status": {"phase": "Active"}, **rest}


def privileged(name: str, namespace: str, **more: Any) -> dict[str, Any]:
    """A pod whose container may do what it likes."""
    containers = [{"name": "app", "image": "nginx", "securityContext": {"privileged": True}}]
    return item(name, namespace, spec={"containers": containers, "hostNetwork": True}, **more)


def lists() -> dict[str, list[dict[str, Any]]]:
    """Path -> objects."""
    rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    brought = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    template = {"spec": privileged("x", "web")["spec"], "metadata": {"labels": {"app": "x"}}}
    return {
        "/api/v1/namespaces": [item("web", labels=RESTRICTED), item("open"), item("kube-system")],
        "/api/v1/pods": [privileged("alone", "web"), privileged("made", "web", owner="ReplicaSet"),
                         privileged("other", "web", owner="Workflow")],
        "/apis/apps/v1/deployments": [item("api", "web", spec={"template": template})],
        "/apis/apps/v1/replicasets": [item("api-1", "web", owner="Deployment", spec={"template": template})],
        "/apis/networking.k8s.io/v1/networkpolicies": [
            item("deny", "web", spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})],
        "/apis/rbac.authorization.k8s.io/v1/clusterroles": [
            item("cluster-admin", labels=brought, rules=rules), item("system:controller:x", labels=brought, rules=rules),
            item("eks:addon-manager", labels={"eks.amazonaws.com/component": "x"}, rules=rules),
            item("eks:mine", rules=rules), item("system:mine", rules=rules), item("mine", labels=brought, rules=rules)],
    }  # fmt: skip


class RecordedCluster:
    """What a cluster answers; a test changes it."""

    def __init__(self) -> None:
        self.lists = lists()
        self.refused: dict[str, Said] = {}

    def __call__(self, asked: Asked) -> Said:
        if asked.path in self.refused:
            return self.refused[asked.path]
        if asked.path == "/apis":
            groups = [{"name": name, "preferredVersion": {"groupVersion": f"{name}/{one}", "version": one}}
                      for name, one in GROUPS.items()]  # fmt: skip
            return Said({"kind": "APIGroupList", "groups": groups})
        if asked.path.startswith("/apis/karpenter.sh") or "/configmaps/" in asked.path:
            return status(404, "the server could not find the requested resource")
        return paged(self.lists.get(asked.path, []), size=2)(asked)

    def deny(self, path: str, code: int = 403) -> None:
        self.refused[path] = status(code, f"cannot list {path}")


def at(double: DoubleOfAws, api: RecordedApi) -> None:
    """Let EKS say that a cluster's endpoint is the server."""
    describe = double.answers["eks:DescribeCluster"]
    data = base64.b64encode(api.authority.encode()).decode()

    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = describe(arguments)
        told["cluster"] |= {"endpoint": api.url, "certificateAuthority": {"data": data}}
        return told

    double.answers["eks:DescribeCluster"] = answer
