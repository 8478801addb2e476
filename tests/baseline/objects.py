"""Objects that tests judge: a good pod, every kind of workload around it, and ways to spoil them."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.baseline.admission import Request

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
IMAGE = f"{REGISTRY}/payments/api:1.4.2"
DIGEST = f"{REGISTRY}/payments/api@sha256:{'a1' * 32}"
Pod = dict[str, Any]
Change = Callable[[Pod], None]


def container(name: str = "main", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "image": IMAGE,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        **changes,
    }


def good() -> Pod:
    """A pod that every policy admits, with one container of each list."""
    debugger = container("debugger")
    del debugger["resources"]  # ephemeral containers cannot set them
    return {
        "serviceAccountName": "api",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container()],
        "initContainers": [container("prepare"), container("sidecar", restartPolicy="Always")],
        "ephemeralContainers": [debugger],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }


def spoiled(change: Change) -> Pod:
    pod = copy.deepcopy(good())
    change(pod)
    return pod


WORKLOADS = {
    "Pod": ("", "pods"),
    "ReplicationController": ("", "replicationcontrollers"),
    "PodTemplate": ("", "podtemplates"),
    "Deployment": ("apps", "deployments"),
    "StatefulSet": ("apps", "statefulsets"),
    "DaemonSet": ("apps", "daemonsets"),
    "ReplicaSet": ("apps", "replicasets"),
    "Job": ("batch", "jobs"),
    "CronJob": ("batch", "cronjobs"),
}


def workload(kind: str, pod: Pod, **metadata: Any) -> dict[str, Any]:
    group = WORKLOADS[kind][0]
    head = {
        "apiVersion": f"{group}/v1" if group else "v1",
        "kind": kind,
        "metadata": {"name": "api", "namespace": "payments", **metadata},
    }
    template = {"metadata": {"labels": {"app": "api"}}, "spec": pod}
    match kind:
        case "Pod":
            return {**head, "spec": pod}
        case "PodTemplate":
            return {**head, "template": template}
        case "CronJob":
            return {**head, "spec": {"schedule": "0 * * * *", "jobTemplate": {"spec": {"template": template}}}}
    return {**head, "spec": {"template": template}}


def requests(pod: Pod, **changes: Any) -> Iterator[tuple[str, Request]]:
    """Yield a name and a request for every kind, operation and subresource that bring a pod in."""
    for kind, (group, resource) in WORKLOADS.items():
        item, before = workload(kind, pod), workload(kind, good())
        yield f"{kind} CREATE", Request(resource=resource, group=group, kind=kind, object=item, **changes)
        yield (
            f"{kind} UPDATE",
            Request(resource=resource, group=group, kind=kind, operation="UPDATE", object=item, old=before, **changes),
        )
    for subresource in ("ephemeralcontainers", "resize"):
        yield (
            f"pods/{subresource} UPDATE",
            Request(
                resource=f"pods/{subresource}",
                operation="UPDATE",
                object=workload("Pod", pod),
                old=workload("Pod", good()),
                **changes,
            ),
        )
