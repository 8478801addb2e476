"""What the charts and manifests of add-ons render, as far as the policies read it: from values to pods and roles.

Read in the charts of each project (November 2026). Images are those that a team has put into its own registry.
"""

from collections.abc import Callable
from typing import Any

from tests.baseline.objects import IMAGE

Values = dict[str, Any]
Pod = dict[str, Any]
RUNTIME = {"seccompProfile": {"type": "RuntimeDefault"}}
TIGHT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True}


def container(values: Values, name: str = "controller", **fields: Any) -> dict[str, Any]:
    return {"name": name, "image": IMAGE, "resources": values.get("resources", {}), **fields}


def pod(*containers: dict[str, Any], account: str = "controller", **spec: Any) -> Pod:
    return {"serviceAccountName": account, "containers": list(containers), **spec}


def host(*paths: str) -> list[dict[str, Any]]:
    return [{"name": f"v{i}", "hostPath": {"path": path}} for i, path in enumerate(paths)]


def token(audience: str) -> list[dict[str, Any]]:
    return [{"name": "t", "projected": {"sources": [{"serviceAccountToken": {"audience": audience, "path": "t"}}]}}]


def argo_cd(values: Values) -> dict[str, Pod]:
    tight = {**TIGHT, **RUNTIME, "runAsNonRoot": True}
    secret = [{"name": "REDIS_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "argocd-redis", "key": "auth"}}}]
    parts = ["applicationSet", "controller", "dex", "notifications", "redis", "repoServer", "server"]
    found = {p: pod(container(values.get(p, {}), securityContext=tight, env=secret), account=p) for p in parts}
    for part in ("dex", "repoServer"):
        found[part]["initContainers"] = [container(values.get(part, {}), "copyutil", securityContext=tight)]
    found["redisSecretInit"] = pod(container(values.get("redisSecretInit", {}), securityContext=tight))
    return found


def cert_manager(values: Values) -> dict[str, Pod]:
    return {
        part or "controller": pod(
            container(values.get(part, {}) if part else values, securityContext=TIGHT),
            account=f"cert-manager-{part}", securityContext={"runAsNonRoot": True, **RUNTIME},
        )
        for part in ("", "cainjector", "webhook", "startupapicheck")
    }  # fmt: skip


def external_dns(values: Values) -> dict[str, Pod]:
    context = {**TIGHT, "privileged": False, "runAsUser": 65532, "runAsGroup": 65532}
    return {"controller": pod(container(values, securityContext=context),
                              securityContext={"runAsNonRoot": True, "fsGroup": 65534, **RUNTIME})}  # fmt: skip


def external_secrets(values: Values) -> dict[str, Pod]:
    context = {**TIGHT, **RUNTIME, "runAsNonRoot": True, "runAsUser": 1000}
    return {
        part or "controller": pod(
            container(values.get(part, {}) if part else values, securityContext=context), account="external-secrets"
        )
        for part in ("", "certController", "webhook")
    }


def cluster_autoscaler(values: Values) -> dict[str, Pod]:
    return {"controller": pod(container(values, securityContext=values.get("containerSecurityContext", {})),
                              account="cluster-autoscaler", securityContext=values.get("securityContext", {}))}  # fmt: skip


def istiod(values: Values) -> dict[str, Pod]:
    context = {**TIGHT, "runAsNonRoot": True}
    if values.get("seccompProfile"):
        context["seccompProfile"] = values["seccompProfile"]
    whole = {"resources": {"requests": {"cpu": "500m", "memory": "2048Mi"}}, **values}
    probe = {"httpGet": {"path": "/ready", "port": 8080}}
    return {"istiod": pod(container(whole, securityContext=context, readinessProbe=probe), account="istiod",
                          volumes=token("istio-ca"))}  # fmt: skip


def istio_cni(values: Values) -> dict[str, Pod]:
    context = {"privileged": False, "runAsUser": 0, "runAsGroup": 0, "runAsNonRoot": False,
               "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW", "SYS_PTRACE", "SYS_ADMIN"]}}  # fmt: skip
    return {"node": pod(container(values, securityContext=context), account="istio-cni",
                        priorityClassName="system-node-critical",
                        volumes=host("/opt/cni/bin", "/proc", "/etc/cni/net.d", "/var/run/netns"))}  # fmt: skip


def ztunnel(values: Values) -> dict[str, Pod]:
    context = {"allowPrivilegeEscalation": True, "privileged": False, "readOnlyRootFilesystem": True, "runAsUser": 0,
               "runAsNonRoot": False, "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "SYS_ADMIN", "NET_RAW"]}}  # fmt: skip
    return {"node": pod(container(values, securityContext=context), account="ztunnel",
                        priorityClassName="system-node-critical", volumes=host("/var/run/ztunnel"))}  # fmt: skip


def karpenter(values: Values) -> dict[str, Pod]:
    context = {**TIGHT, "privileged": False, "runAsUser": 65532, "runAsNonRoot": True}
    return {"controller": pod(container(values.get("controller", {}), securityContext=context), account="karpenter",
                              priorityClassName="system-cluster-critical", hostNetwork=values.get("hostNetwork", False),
                              securityContext={"fsGroup": 65532, "runAsNonRoot": True, **RUNTIME})}  # fmt: skip


def load_balancer(values: Values) -> dict[str, Pod]:
    context = {"readOnlyRootFilesystem": True, "runAsNonRoot": True, "allowPrivilegeEscalation": False}
    whole = {"securityContext": context, "podSecurityContext": {"fsGroup": 65534}, **values}
    return {"controller": pod(container(values, securityContext=whole["securityContext"]),
                              account="aws-load-balancer-controller", priorityClassName="system-cluster-critical",
                              securityContext=whole["podSecurityContext"])}  # fmt: skip


def metrics_server(values: Values) -> dict[str, Pod]:
    whole = {"resources": {"requests": {"cpu": "100m", "memory": "200Mi"}}, **values}
    context = {**TIGHT, **RUNTIME, "runAsNonRoot": True, "runAsUser": 1000}
    return {"server": pod(container(whole, securityContext=context), account="metrics-server",
                          priorityClassName="system-cluster-critical", volumes=[{"name": "tmp", "emptyDir": {}}])}  # fmt: skip


def fluent_bit(values: Values) -> dict[str, Pod]:
    return {"node": pod(container(values, securityContext=values.get("containerSecurityContext", {})),
                        account="aws-for-fluent-bit", volumes=host("/var/log", "/var/lib/docker/containers"))}  # fmt: skip


def secrets_store(values: Values) -> dict[str, Pod]:
    driver = values.get("linux", {}).get("driver", {})
    return {
        "driver": pod(container(driver, securityContext={"privileged": True, "readOnlyRootFilesystem": True}),
                      account="secrets-store-csi-driver", volumes=host("/var/lib/kubelet/pods")),
        "provider": pod(container({}, securityContext={"privileged": False, "allowPrivilegeEscalation": False}),
                        account="csi-secrets-store-provider-aws", hostNetwork=False,
                        volumes=host("/etc/kubernetes/secrets-store-csi-providers", "/var/lib/kubelet/pods")),
    }  # fmt: skip


def cloudwatch(_: Values) -> dict[str, Pod]:
    return {
        "agent": pod(container({}, securityContext={"runAsNonRoot": False}), account="cloudwatch-agent",
                     volumes=host("/", "/run/containerd/containerd.sock", "/sys", "/dev/disk")),
        "fluent-bit": pod(container({}), account="cloudwatch-agent", hostNetwork=True, volumes=host("/var/log", "/run/log")),
    }  # fmt: skip


def node_monitoring(_: Values) -> dict[str, Pod]:
    context = {"privileged": True, "capabilities": {"add": ["NET_ADMIN"]}}
    return {"node": pod(container({}, securityContext=context), account="eks-node-monitoring-agent", hostNetwork=True,
                        hostPID=True, priorityClassName="system-node-critical", volumes=host("/"))}  # fmt: skip


def csi(_: Values) -> dict[str, Pod]:
    secret = [{"name": "AWS_ACCESS_KEY_ID", "valueFrom": {"secretKeyRef": {"name": "aws-secret", "key": "key_id"}}}]
    return {
        "node": pod(container({}, securityContext={"privileged": True, "runAsNonRoot": False, "runAsUser": 0}),
                    account="csi-node", priorityClassName="system-node-critical", hostNetwork=False,
                    volumes=host("/var/lib/kubelet", "/dev")),
        "controller": pod(container({}, env=secret, securityContext={"allowPrivilegeEscalation": False}),
                          account="csi-controller", priorityClassName="system-cluster-critical"),
    }  # fmt: skip


def kube_bench(_: Values) -> dict[str, Pod]:
    return {"job": pod(container({}), account="kube-bench", hostPID=True,
                       volumes=host("/var/lib/kubelet", "/etc/systemd", "/etc/kubernetes"))}  # fmt: skip


def guardduty(_: Values) -> dict[str, Pod]:
    """Its manifest is not public; AWS documents that it is privileged, on the host's network."""
    return {"node": pod(container({}, securityContext={"privileged": True}), account="aws-guardduty-agent",
                        hostNetwork=True, hostPID=True, volumes=host("/proc"))}  # fmt: skip


CHARTS: dict[str, Callable[[Values], dict[str, Pod]]] = {
    "argo-cd": argo_cd, "aws-for-fluent-bit": fluent_bit, "cert-manager": cert_manager,
    "cloudwatch-observability": cloudwatch, "cluster-autoscaler": cluster_autoscaler, "external-secrets": external_secrets,
    "fluent-bit": fluent_bit, "ebs-csi-driver": csi, "efs-csi-driver": csi, "fsx-csi-driver": csi, "external-dns": external_dns,
    "guardduty-agent": guardduty, "istio": istiod, "istio-cni": istio_cni, "istio-ztunnel": ztunnel,
    "karpenter": karpenter, "kube-bench": kube_bench, "load-balancer-controller": load_balancer,
    "metrics-server": metrics_server, "node-monitoring-agent": node_monitoring,
    "secrets-store-csi-driver": secrets_store,
}  # fmt: skip
"""Add-on -> what its chart renders from values: part -> specification of its pods."""

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
    "external-dns": {"resources"},
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
