"""Evaluation of Kubernetes objects with the admission policies of the baseline, as an API server evaluates them.

If the manifests include rendered policies (`hardened-eks manifests`), those are used, with the registries, groups and
exceptions of the team. Otherwise the policies are used with their defaults.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.policies.model import POLICY_LABEL
from hardened_eks.controls.kubernetes import _pods
from hardened_eks.controls.model import Problem
from hardened_eks.evidence import Unknown, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.baseline.admission import Verdict
    from hardened_eks.baseline.policies.model import Policy
    from hardened_eks.evidence import Assembly, Resource

_POLICY: Final = "Kubernetes::admissionregistration.k8s.io::ValidatingAdmissionPolicy"
KINDS: Final = {
    "Kubernetes::aga.k8s.aws::GlobalAccelerator": "globalaccelerators",
    "Kubernetes::apps::DaemonSet": "daemonsets",
    "Kubernetes::apps::Deployment": "deployments",
    "Kubernetes::apps::ReplicaSet": "replicasets",
    "Kubernetes::apps::StatefulSet": "statefulsets",
    "Kubernetes::batch::CronJob": "cronjobs",
    "Kubernetes::batch::Job": "jobs",
    "Kubernetes::core::Endpoints": "endpoints",
    "Kubernetes::core::Namespace": "namespaces",
    "Kubernetes::core::PersistentVolume": "persistentvolumes",
    "Kubernetes::core::Pod": "pods",
    "Kubernetes::core::PodTemplate": "podtemplates",
    "Kubernetes::core::ReplicationController": "replicationcontrollers",
    "Kubernetes::core::Secret": "secrets",
    "Kubernetes::core::Service": "services",
    "Kubernetes::discovery.k8s.io::EndpointSlice": "endpointslices",
    "Kubernetes::eks.amazonaws.com::LoadBalancerConfiguration": "loadbalancerconfigurations",
    "Kubernetes::gateway.k8s.aws::LoadBalancerConfiguration": "loadbalancerconfigurations",
    "Kubernetes::gateway.networking.k8s.io::GRPCRoute": "grpcroutes",
    "Kubernetes::gateway.networking.k8s.io::Gateway": "gateways",
    "Kubernetes::gateway.networking.k8s.io::HTTPRoute": "httproutes",
    "Kubernetes::gateway.networking.k8s.io::ListenerSet": "listenersets",
    "Kubernetes::gateway.networking.k8s.io::TCPRoute": "tcproutes",
    "Kubernetes::gateway.networking.k8s.io::UDPRoute": "udproutes",
    "Kubernetes::gateway.networking.x-k8s.io::XListenerSet": "xlistenersets",
    "Kubernetes::networking.k8s.aws::ApplicationNetworkPolicy": "applicationnetworkpolicies",
    "Kubernetes::networking.k8s.aws::ClusterNetworkPolicy": "clusternetworkpolicies",
    "Kubernetes::networking.k8s.io::Ingress": "ingresses",
    "Kubernetes::networking.k8s.io::NetworkPolicy": "networkpolicies",
    "Kubernetes::rbac.authorization.k8s.io::ClusterRole": "clusterroles",
    "Kubernetes::rbac.authorization.k8s.io::ClusterRoleBinding": "clusterrolebindings",
    "Kubernetes::rbac.authorization.k8s.io::Role": "roles",
    "Kubernetes::rbac.authorization.k8s.io::RoleBinding": "rolebindings",
}
"""Kind of an object -> the plural name of its resource, which policies match on."""
PODS: Final = tuple(objects.POD_SPECS)
PODS_AND_SECRETS: Final = (*PODS, "Kubernetes::core::Secret")
PODS_AND_VOLUMES: Final = (*PODS, "Kubernetes::core::PersistentVolume")
RBAC: Final = tuple(type_ for type_ in KINDS if type_.startswith("Kubernetes::rbac.authorization.k8s.io::"))
INGRESSES: Final = (
    "Kubernetes::networking.k8s.io::Ingress",
    *(type_ for type_ in KINDS if type_.startswith("Kubernetes::gateway.networking.")),
)
_LATER: Final = "the deciding values are not known before deployment: "
_MALFORMED: Final = "as far as the object can be read, "
_OF_THE_CLUSTER: Final = frozenset({
    "namespaces", "persistentvolumes", "clusterroles", "clusterrolebindings", "clusternetworkpolicies",
})  # fmt: skip


def refused(policy: Policy, resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield the messages of a policy that refuses an object, one for each container if the container is known.

    An object whose text is not fully known is refused, because the policy itself fails closed.
    """
    from hardened_eks.baseline.admission import Request, Verdict, decide  # most runs have no manifest

    alternatives = _alternatives(policy, resource, assembly)
    item = _with_metadata(resource.properties if isinstance(resource.properties, dict) else {})

    def judged(one: dict[str, Any]) -> Verdict:
        request = Request(
            resource=KINDS[resource.type],
            group=_group(resource.type),
            version="v1",  # policies match every equivalent version of an API
            kind=str(one.get("kind", "")),
            namespace=_namespace(resource.type, one),
            object=one,
            user="",
            groups=(),
        )
        verdicts = [decide(rendered, request) for rendered in alternatives]
        messages = dict.fromkeys(message for verdict in verdicts for message in verdict.messages)
        errors = [verdict.error for verdict in verdicts if verdict.error]
        return Verdict(any(verdict.denied for verdict in verdicts), tuple(messages), *errors[:1])

    verdict = judged(item)
    if verdict.denied and not verdict.messages:
        yield Problem(f"the policy denies objects that it cannot evaluate: {verdict.error}", "")
    doubt = "" if not verdict.error else _LATER if _hides(item) else _MALFORMED
    for path, message in _pods.places(item, verdict.messages, lambda one: judged(one).messages):
        yield Problem(f"{doubt}{message}", path)


def _hides(value: Any) -> bool:
    """Return whether a part of an object is known only at deployment."""
    if isinstance(value, dict):
        return any(map(_hides, value.values()))
    return any(map(_hides, value)) if isinstance(value, list) else isinstance(value, Unknown)


def _with_metadata(item: dict[str, Any]) -> dict[str, Any]:
    """Return an object with metadata, labels and a name, which the API server adds before policies see it."""
    given = item.get("metadata")
    if isinstance(given, Unknown):
        return item  # the policy fails closed
    if not isinstance(given, dict):
        return {**item, "metadata": {"name": ""}}
    labels = given.get("labels", {})
    return item if isinstance(labels, dict | Unknown) else {**item, "metadata": {**given, "labels": {}}}


def _alternatives(policy: Policy, resource: Resource, assembly: Assembly) -> Sequence[Mapping[str, Any]]:
    """Return the rendered policy from the manifests, or with its defaults if they do not include it.

    There are several if the manifests have it twice with different content. All of them apply, so that a copy among the
    manifests of a team does not replace the policy of the platform team.

    By default, private Amazon ECR registries are trusted.
    """
    own = assembly.once(("kubernetes", "policies"), lambda: _policies(assembly)).get(policy.id, [])
    trusted = sorted(_pods.private_registries(resource.properties)) if policy.reads_registries and not own else ()
    return own or [_by_default(policy, tuple(trusted))]


def _policies(assembly: Assembly) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in assembly.of(_POLICY):
        labels = one.get("metadata.labels")
        if isinstance(labels, dict) and POLICY_LABEL in labels:
            same = found.setdefault(str(labels[POLICY_LABEL]), [])
            if all(one.properties.get("spec") != other.get("spec") for other in same):
                same.append(one.properties)
    return found


def _namespace(type_: str, item: Mapping[str, Any]) -> str | None:
    """Return the namespace that a request would name: the namespace of the object, or else ``default``."""
    if KINDS[type_] in _OF_THE_CLUSTER:
        metadata = item.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        return str(name) if KINDS[type_] == "namespaces" and name else None
    metadata = item.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
    return namespace if isinstance(namespace, str) else "default"


def _group(type_: str) -> str:
    group = type_.split("::")[1]
    return "" if group == "core" else group


@lru_cache(maxsize=256)
def _by_default(policy: Policy, registries: tuple[str, ...]) -> Mapping[str, Any]:
    """Return a policy, rendered with default settings and these registries. The result is cached.

    An object may name a registry that no settings file may: ``${AWS::AccountId}.dkr.ecr...``.
    """
    from hardened_eks.baseline.settings import Settings

    return policy.render(Settings(), registries=registries)
