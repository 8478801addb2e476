from collections.abc import Iterator, Mapping
from typing import Final

from hardened_eks.baseline.levels import SYSTEM_NAMESPACES
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_POLICY: Final = "Kubernetes::networking.k8s.io::NetworkPolicy"
_BOTH: Final = frozenset({"Egress", "Ingress"})


@control(
    id="KB-36",
    title="Each namespace has network policies that select all its pods, for ingress and egress",
    requirement=("k8s.netpol.every_namespace", "k8s.netpol.default_deny"),
    types=("Kubernetes::core::Namespace",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Without a policy, every pod can reach every other pod and the internet: one compromised container can reach "
        "the whole cluster."
    ),
    fix="Add a NetworkPolicy with podSelector {} for Ingress and Egress, and policies for the traffic that pods need.",
    source="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    blind=(
        "Whether the network plugin enforces policies, and what additional policies allow. Policies of other kinds, "
        "such as Calico's. Policies that are applied from elsewhere: check them together with the namespace."
    ),
    detective=(
        "`hardened-eks manifests` adds such a policy to each of its namespaces; you add them to other namespaces."
    ),
)
def namespace_has_network_policy(namespace: Resource, assembly: Assembly) -> Iterator[Problem]:
    name = namespace.get("metadata.name")
    if name in SYSTEM_NAMESPACES:
        return
    policies = assembly.once(("kubernetes", "network policies"), lambda: _by_namespace(assembly)).get(str(name), [])
    if not policies:
        yield Problem("the namespace has no network policy")
        return
    closed = frozenset().union(*map(_closes, policies))
    for direction in sorted(_BOTH - closed):
        doubt = "as far as is known before deployment, " if any(map(_hides, policies)) else ""
        yield Problem(
            f"{doubt}no network policy of the namespace selects all pods for {direction}", severity=Severity.LOW
        )


def _by_namespace(assembly: Assembly) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for policy in assembly.of(_POLICY):
        found.setdefault(str(policy.get("metadata.namespace", "default")), []).append(policy)
    return found


def _hides(policy: Resource) -> bool:
    return any(isinstance(policy.get(path), Unknown) for path in ("spec", "spec.podSelector", "spec.policyTypes"))


def _closes(policy: Resource) -> frozenset[str]:
    """Return the directions for which a policy selects all pods of its namespace."""
    selector = policy.get("spec.podSelector")
    if isinstance(selector, Unknown) or any((selector or {}).values()):
        return frozenset()
    types = policy.get("spec.policyTypes")
    if not types:  # Kubernetes assumes Ingress, and Egress if there are egress rules
        return frozenset({"Ingress", *(["Egress"] if policy.get("spec.egress") else [])})
    return frozenset(one for one in policy.items("spec.policyTypes") if one in _BOTH)
