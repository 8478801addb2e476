"""kube-bench, which checks nodes and the cluster's objects daily against the CIS benchmark or the STIG of EKS.

Source: https://github.com/aquasecurity/kube-bench (cfg/eks-1.8.0, cfg/eks-stig-kubernetes-v1r6), read on 2026-11-29.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.checking import BENCHMARKS, TARGETS
from hardened_eks.baseline.namespaces import Namespace
from hardened_eks.baseline.objects import thing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME: Final = "kube-bench"
"""Name of its namespace, and prefix of the names of its objects."""
SCHEDULE: Final = "17 3 * * *"
_PATHS: Final = {
    "etc-kubernetes": "/etc/kubernetes", "etc-systemd": "/etc/systemd", "var-lib-kubelet": "/var/lib/kubelet",
}  # fmt: skip
_READ: Final = {
    "": ("namespaces", "pods", "replicationcontrollers", "serviceaccounts", "services"),
    "apps": ("daemonsets", "deployments", "replicasets", "statefulsets"),
    "autoscaling": ("horizontalpodautoscalers",),
    "batch": ("cronjobs", "jobs"),
    "networking.k8s.io": ("networkpolicies",),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
}
"""Resources that the audits of ``policies`` list. Secrets are not among them."""
_RBAC: Final = "rbac.authorization.k8s.io"


def namespace(settings: Mapping[str, Any]) -> Namespace:
    """Return the namespace: privileged, to read the node's files and processes, and closed except to the API."""
    allow = [{"to": {"cidr": cidr}, "ports": [443]} for cidr in settings.get("api", ())]
    return Namespace(name=NAME, level="privileged", allow=allow, groups={"developer": [], "operator": []})


def objects(settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a CronJob for each target, and the permissions of the one that reads objects.

    Args:
        settings: ``image`` by digest, and optionally ``benchmark``, ``targets``, ``schedule`` and ``api``, the ranges
            of the Kubernetes API.
    """
    targets = settings.get("targets", TARGETS[:1])
    if "policies" in targets:
        name = f"{NAME}-policies"
        rules = [{"apiGroups": [group], "resources": list(of), "verbs": ["list"]} for group, of in _READ.items()]
        subject = {"kind": "ServiceAccount", "name": name, "namespace": NAME}
        reference = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": name}
        yield thing("v1", "ServiceAccount", name, namespace=NAME, automountServiceAccountToken=False)
        yield thing(f"{_RBAC}/v1", "ClusterRole", name, rules=rules)
        yield thing(f"{_RBAC}/v1", "ClusterRoleBinding", name, roleRef=reference, subjects=[subject])
    for target in targets:
        yield _cron_job(target, settings)


def _cron_job(target: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    pod = _node(settings) if target == "node" else _policies(settings)
    job = {"backoffLimit": 0, "ttlSecondsAfterFinished": 86_400, "template": {"spec": pod}}
    spec = {
        "concurrencyPolicy": "Forbid",
        "jobTemplate": {"spec": job},
        "schedule": settings.get("schedule", SCHEDULE),
        "successfulJobsHistoryLimit": 1,
    }
    return thing("batch/v1", "CronJob", f"{NAME}-{target}", namespace=NAME, spec=spec)


def _container(target: str, settings: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    # By name: kube-bench uses an old benchmark for versions of Kubernetes that it does not know.
    benchmark = settings.get("benchmark", BENCHMARKS[0])
    return {
        "name": f"{NAME}-{target}",
        "image": settings["image"],
        # The default command of the image installs kube-bench on the node.
        "command": ["kube-bench", "run", "--targets", target, "--benchmark", benchmark, "--json"],
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "50m", "memory": "128Mi"}},
        **more,
    }


def _node(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pod that reads files and processes of its node, as root, and writes nothing."""
    mounts = [{"name": name, "mountPath": path, "readOnly": True} for name, path in _PATHS.items()]
    security = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    return {
        "automountServiceAccountToken": False,
        "containers": [_container("node", settings, securityContext=security, volumeMounts=mounts)],
        "hostPID": True,
        "restartPolicy": "Never",
        "volumes": [{"name": name, "hostPath": {"path": path}} for name, path in _PATHS.items()],
    }


def _policies(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pod that lists objects. kubectl caches the API's resources in its own folder."""
    security = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 65_532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    container = _container(
        "policies",
        settings,
        env=[{"name": "HOME", "value": "/tmp"}],  # noqa: S108 - a volume of the pod
        securityContext=security,
        volumeMounts=[{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
    )
    return {
        "automountServiceAccountToken": True,
        "containers": [container],
        "restartPolicy": "Never",
        "serviceAccountName": f"{NAME}-policies",
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
    }
