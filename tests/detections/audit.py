"""Lines of the audit log as EKS writes them."""

from __future__ import annotations

import json
from typing import Any

from tests.detections.events import ACCOUNT

PERSON = f"arn:aws:sts::{ACCOUNT}:assumed-role/developer/alice"
WORKLOAD = "system:serviceaccount:shop:cart"
CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller"
APISERVER, MANAGER, ADDONS = "system:apiserver", "system:kube-controller-manager", "eks:addon-manager"
KUBELET = "system:node:ip-10-40-3-4.eu-central-1.compute.internal"
EKS_ROLE = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForAmazonEKS/EKS"
ANONYMOUS = "system:anonymous"
_READS = {"get", "list", "watch"}
_CODES = {"create": 201}
_NO_BODY = {"secrets", "configmaps", "tokenreviews"}


def user(name: str) -> dict[str, Any]:
    groups = ["system:authenticated"]
    if name == ANONYMOUS:
        return {"username": name, "groups": ["system:unauthenticated"]}
    if name.startswith("system:serviceaccount:"):
        namespace = name.split(":")[2]
        return {
            "username": name,
            "uid": "3d0f6c1e-0000-4000-8000-000000000001",
            "groups": ["system:serviceaccounts", f"system:serviceaccounts:{namespace}", *groups],
        }
    if name.startswith("arn:"):
        session = name.rsplit("/", 1)[-1]
        canonical = f"arn:aws:iam::{ACCOUNT}:role/{name.split('/')[1]}"
        return {
            "username": name,
            "uid": f"aws-iam-authenticator:{ACCOUNT}:AROAEXAMPLE0000000000",
            "groups": groups,
            "extra": {
                "accessKeyId": ["ASIAEXAMPLE0000000000"],
                "arn": [name],
                "canonicalArn": [canonical],
                "principalId": ["AROAEXAMPLE0000000000"],
                "sessionName": [session],
                "sigs.k8s.io/aws-iam-authenticator/principalId": ["AROAEXAMPLE0000000000"],
            },
        }
    return {"username": name, "groups": groups}


def audit(
    verb: str,
    resource: str,
    name: str = "",
    *,
    namespace: str = "",
    sub: str = "",
    who: str | dict[str, Any] = PERSON,
    code: int | None = None,
    stage: str = "ResponseComplete",
    group: str = "",
    body: Any = None,
    answer: Any = None,
    uri: str = "",
    ips: tuple[str, ...] = ("10.40.7.8",),
    agent: str = "kubectl/v1.36.1 (linux/amd64) kubernetes/abc1234",
    acting_as: str = "",
) -> str:
    """One record."""
    code = _CODES.get(verb, 200) if code is None else code
    path = f"/apis/{group}/v1" if group else "/api/v1"
    path += f"/namespaces/{namespace}" if namespace else ""
    path += f"/{resource}" if resource else ""
    path += f"/{name}" if name and verb != "create" or sub else ""
    level = "Metadata" if resource in _NO_BODY else "Request" if verb in _READS else "RequestResponse"
    line: dict[str, Any] = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": level,
        "auditID": "5f2c3a70-7d1c-4a5e-9d3f-2b6d2f0c9e11",
        "stage": stage,
        "requestURI": uri or path + (f"/{sub}" if sub else ""),
        "verb": verb,
        "user": user(who) if isinstance(who, str) else who,
    }
    if acting_as:
        line["impersonatedUser"] = {"username": acting_as, "groups": ["system:authenticated"]}
    line |= {"sourceIPs": list(ips), "userAgent": agent}
    if resource:
        reference = {
            "resource": resource,
            "namespace": namespace,
            "name": name,
            "apiGroup": group,
            "apiVersion": "v1",
            "subresource": sub,
        }
        line["objectRef"] = {key: value for key, value in reference.items() if value}
    if stage != "RequestReceived":
        status: dict[str, Any] = {"metadata": {}}
        if code >= 400:
            status |= {"status": "Failure", "message": "refused", "reason": "Forbidden"}
        line["responseStatus"] = status | {"code": code}
    if body is not None and level != "Metadata":
        line["requestObject"] = body
    if answer is not None and level != "Metadata":
        line["responseObject"] = answer
    decision = "forbid" if code == 403 else "allow"
    line |= {
        "requestReceivedTimestamp": "2026-11-02T09:30:00.000001Z",
        "stageTimestamp": "2026-11-02T09:30:00.010000Z",
        "annotations": {"authorization.k8s.io/decision": decision, "authorization.k8s.io/reason": ""},
    }
    return json.dumps(line, separators=(",", ":"))


def started(verb: str, resource: str, name: str = "", **more: Any) -> str:
    """The first of the two records of a long request."""
    return audit(verb, resource, name, stage="ResponseStarted", **more)


def unauthenticated(verb: str, resource: str, *, tried: str = "bearer") -> str:
    """The only record of a request whose credentials are refused: it has no user, and never gets to ResponseComplete.

    WithFailedAuthenticationAudit in kubernetes/kubernetes, staging/src/k8s.io/apiserver/pkg/endpoints/filters.
    """
    line = json.loads(started(verb, resource, who={}, code=401))
    line["responseStatus"] = {"metadata": {}, "message": f"Authentication failed, attempted: {tried}", "code": 401}
    del line["annotations"]
    return json.dumps(line, separators=(",", ":"))


def pod(
    namespace: str = "shop",
    *,
    who: str = CONTROLLER,
    verb: str = "create",
    sub: str = "",
    code: int | None = None,
    stage: str = "ResponseComplete",
    name: str = "cart-7d4b9c-x2x9z",
    **spec: Any,
) -> str:
    """A pod that a controller creates; `spec` goes over an ordinary one."""
    full = {
        "volumes": [
            {"name": "kube-api-access", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
        ],
        "containers": [container()],
        "restartPolicy": "Always",
        "serviceAccountName": "cart",
        "securityContext": {"runAsNonRoot": True},
        "schedulerName": "default-scheduler",
        **spec,
    }
    body = {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"generateName": "cart-7d4b9c-", "namespace": namespace, "labels": {"app": "cart"}},
        "spec": full,
    }
    return audit(
        verb, "pods", name, namespace=namespace, sub=sub, who=who, code=code, stage=stage, body=body, answer=body
    )


def container(image: str = f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/cart:1.4", **context: Any) -> dict[str, Any]:
    return {
        "name": "c",
        "image": image,
        "resources": {},
        "securityContext": {"allowPrivilegeEscalation": False, "privileged": False, "runAsUser": 1000, **context},
    }


def binding(
    role: str,
    *subjects: str,
    verb: str = "create",
    who: str = PERSON,
    kind: str = "ClusterRoleBinding",
    code: int | None = None,
    sent: bool = True,
    answered: bool = True,
    stage: str = "ResponseComplete",
) -> str:
    """A role binding that is written."""
    body = {
        "kind": kind,
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "metadata": {"name": "b"},
        "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": s} for s in subjects],
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
    }
    patch = {"metadata": {"annotations": {"a": "b"}}}
    namespace = "shop" if kind == "RoleBinding" else ""
    return audit(
        verb,
        kind.lower() + "s",
        "b",
        namespace=namespace,
        who=who,
        code=code,
        group="rbac.authorization.k8s.io",
        body=body if sent else patch,
        answer=body if answered else None,
        stage=stage,
    )


def role(
    *verbs: str,
    annotations: dict[str, str] | None = None,
    verb: str = "create",
    who: str = PERSON,
    name: str = "ops",
    kind: str = "ClusterRole",
    code: int | None = None,
    stage: str = "ResponseComplete",
) -> str:
    """A role that is written."""
    body = {
        "kind": kind,
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "metadata": {"name": name, "annotations": annotations or {}},
        "rules": [
            {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]},
            {"verbs": list(verbs), "apiGroups": ["apps"], "resources": ["deployments"]},
        ],
    }
    namespace = "shop" if kind == "Role" else ""
    return audit(
        verb,
        kind.lower() + "s",
        name,
        namespace=namespace,
        who=who,
        code=code,
        group="rbac.authorization.k8s.io",
        body=body,
        answer=body,
        stage=stage,
    )
