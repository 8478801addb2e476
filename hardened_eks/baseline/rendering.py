"""From settings to Kubernetes objects, in the order in which they can be applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline import cluster_rules, network
from hardened_eks.baseline.objects import thing
from hardened_eks.baseline.policies import POLICIES
from hardened_eks.baseline.policies.model import PARAMETERS, PARAMETERS_NAMESPACE

if TYPE_CHECKING:
    from hardened_eks.baseline.settings import Settings

_ORDER: Final = (
    "Namespace",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "ValidatingAdmissionPolicy",
    "LimitRange",
    "ResourceQuota",
    "ClusterNetworkPolicy",
    "NetworkPolicy",
    "ApplicationNetworkPolicy",
    "SecurityGroupPolicy",
    "ValidatingAdmissionPolicyBinding",
)
"""Bindings come last: a set that was applied by half refuses nothing."""


def manifests(settings: Settings) -> list[dict[str, Any]]:
    """Return every object of the baseline, sorted: the order in which to apply them."""
    objects = [item for namespace in settings.all_namespaces for item in namespace.render(settings)]
    objects.append(parameters(settings))
    if settings.cluster_network_policy:
        closed = network.without_imds(settings.system_namespaces)
        objects.append(thing(network.EKS, "ClusterNetworkPolicy", "hardened-eks-deny-imds", spec=closed))
    if settings.config_rules:
        objects += cluster_rules.reader()
    for policy in POLICIES:
        objects += [policy.render(settings), policy.bind(settings)]
    return sorted(objects, key=_place)


def parameters(settings: Settings) -> dict[str, Any]:
    """Return the ConfigMap that policies read their lists from."""
    data = {
        "exec-groups": "\n".join(sorted(set(settings.exec_groups))),
        "registries": "\n".join(sorted({registry.rstrip("/") for registry in settings.registries})),
    }
    return thing("v1", "ConfigMap", PARAMETERS, namespace=PARAMETERS_NAMESPACE, data=data)


def _place(item: dict[str, Any]) -> tuple[int, str, str]:
    metadata = item["metadata"]
    return _ORDER.index(item["kind"]), metadata.get("namespace", ""), metadata["name"]


def place(item: dict[str, Any]) -> str:
    """Return the file of an object: one for each namespace, policy and binding."""
    metadata = item["metadata"]
    match item["kind"]:
        case "ValidatingAdmissionPolicy":
            return f"policies/{metadata['name'].removeprefix('hardened-eks-')}.yaml"
        case "ValidatingAdmissionPolicyBinding":
            return f"policy-bindings/{metadata['name'].removeprefix('hardened-eks-')}.yaml"
        case "ClusterRole" | "ClusterRoleBinding":
            return "rbac/config-rules.yaml"
        case "ConfigMap":
            return "policies/_parameters.yaml"
        case "ClusterNetworkPolicy":
            return "policies/_network.yaml"
        case "Namespace":
            return f"namespaces/{metadata['name']}.yaml"
        case _:
            return f"namespaces/{metadata['namespace']}.yaml"
