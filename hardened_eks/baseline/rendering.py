"""Kubernetes objects from settings, in the order in which to apply them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline import auto_mode, cluster_rules, kube_bench, load_balancers, mesh, network, storage
from hardened_eks.baseline.nodes import node_objects
from hardened_eks.baseline.objects import thing
from hardened_eks.baseline.policies import POLICIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.baseline.settings import Settings

PHASES: Final[dict[str, tuple[str, ...]]] = {
    "Namespaces": ("Namespace",),
    "Access": ("ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
    "ConfigMaps": ("ConfigMap",),
    "Policies": ("ValidatingAdmissionPolicy",),
    "Limits": (
        "LimitRange",
        "ResourceQuota",
        "ClusterNetworkPolicy",
        "NetworkPolicy",
        "ApplicationNetworkPolicy",
        "SecurityGroupPolicy",
        "PeerAuthentication",
    ),
    "Classes": ("StorageClass", "IngressClassParams", "IngressClass", "EC2NodeClass", "NodeClass"),
    "Pools": ("NodePool",),
    "Jobs": ("CronJob",),
    "Bindings": ("ValidatingAdmissionPolicyBinding",),
}
"""Kinds by phase of the delivery, in the order in which to apply them. Bindings come last, so that a partly applied set
refuses nothing."""
_ORDER: Final = tuple(kind for kinds in PHASES.values() for kind in kinds)
_FILES: Final = {
    "ValidatingAdmissionPolicy": "policies/{}.yaml",
    "ValidatingAdmissionPolicyBinding": "policy-bindings/{}.yaml",
    "ClusterNetworkPolicy": "policies/_network.yaml",
    "IngressClass": "policies/_ingress.yaml",
    "IngressClassParams": "policies/_ingress.yaml",
}
"""Files of objects by kind, with a placeholder for the name without our prefix."""


def manifests(settings: Settings) -> list[dict[str, Any]]:
    """Return every object of the baseline, in the order in which to apply them.

    Args:
        settings: the settings of the baseline.

    Returns:
        Kubernetes objects as dictionaries.
    """
    objects = [item for namespace in settings.all_namespaces for item in namespace.render(settings)]
    if settings.cluster_network_policy:
        closed = network.without_imds(settings.system_namespaces)
        objects.append(thing(network.EKS, "ClusterNetworkPolicy", "hardened-eks-deny-imds", spec=closed))
    objects += node_objects(settings)
    objects += _of_choices(settings)
    if settings.config_rules:
        objects += cluster_rules.reader()
    for policy in POLICIES:
        objects += [policy.render(settings), policy.bind(settings)]
    return sorted(objects, key=_place)


def _of_choices(settings: Settings) -> Iterator[dict[str, Any]]:
    if settings.mutual_tls:
        yield mesh.strict()
    if settings.storage_class:
        yield storage.storage_class(settings.storage_key)
    if settings.access_logs:
        automatic = settings.auto_mode is not None
        if automatic:
            yield from load_balancers.ingress_class(settings.access_logs, auto_mode=True)
        if not automatic or "load-balancer-controller" in settings.addons:
            yield from load_balancers.ingress_class(settings.access_logs, default=not automatic)
    if settings.kube_bench:
        yield from kube_bench.objects(settings.kube_bench)


def _place(item: dict[str, Any]) -> tuple[int, str, str]:
    metadata = item["metadata"]
    return _ORDER.index(item["kind"]), metadata.get("namespace", ""), metadata["name"]


def place(item: dict[str, Any]) -> str:
    """Return the file of an object. Each namespace, policy, binding and provisioner of nodes has its own."""
    metadata = item["metadata"]
    match item["kind"]:
        case kind if kind in _FILES:
            return _FILES[kind].format(metadata["name"].removeprefix("hardened-eks-"))
        case "Namespace":
            return f"namespaces/{metadata['name']}.yaml"
        case "ClusterRole" | "ClusterRoleBinding":
            return f"cluster-roles/{metadata['name']}.yaml"
        case "EC2NodeClass" | "NodePool" if "karpenter.k8s.aws" in str(item):
            return "nodes/karpenter.yaml"
        case "StorageClass" if item["provisioner"] == storage.PROVISIONER:
            return "policies/_storage.yaml"
        case "StorageClass" | "NodeClass" | "NodePool":
            return "nodes/auto-mode.yaml"
        case "ConfigMap" | "NetworkPolicy" if metadata["namespace"] == auto_mode.SYSTEM:
            return "nodes/auto-mode.yaml"
        case _:
            return f"namespaces/{metadata['namespace']}.yaml"
