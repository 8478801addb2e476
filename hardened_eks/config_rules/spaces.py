"""Verdicts on namespaces from their network policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.levels import SYSTEM_NAMESPACES
from hardened_eks.config_rules.evaluations import Compliance, Evaluation, object_id
from hardened_eks.evidence import Assembly, Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.sources.kubernetes import Api

_NAMESPACES: Final = "/api/v1/namespaces"
_POLICIES: Final = "/apis/networking.k8s.io/v1/networkpolicies"
_SPACE: Final = "Kubernetes::core::Namespace"
_POLICY: Final = "Kubernetes::networking.k8s.io::NetworkPolicy"


def verdicts(api: Api, cluster: str, control: Control, *, exempt: Sequence[str]) -> Iterator[Evaluation]:
    """Yield the verdict on each namespace of a cluster.

    Raises:
        ApiError: a list cannot be read. Nothing is yielded then.
    """
    exempt = (*exempt, *SYSTEM_NAMESPACES)  # the control does not evaluate these
    names = [str(one["metadata"]["name"]) for one in api.all(_NAMESPACES, names_only=True)]
    empty: list[dict[str, Any]] = []
    policies = api.fold(_POLICIES, empty.copy, lambda found, page: found.extend(map(_essence, page)))
    resources = {f"Namespace/{name}": _namespace(name) for name in names}
    resources |= {f"Policy/{n}": {"Type": _POLICY, "Properties": one} for n, one in enumerate(policies)}
    template = Template("live", {"Resources": resources})
    assembly = Assembly([template])
    for name in names:
        id_ = object_id(cluster, name, "Namespace", name)
        if name in exempt:
            yield Evaluation(id_, Compliance.NOT_JUDGED, "the namespace is exempt")
            continue
        problems = [*control(template.resources[f"Namespace/{name}"], assembly)]
        if problems:
            worst = min((one.severity or control.severity for one in problems), key=lambda one: one.rank)
            text = "; ".join(one.message for one in problems)
            yield Evaluation(id_, Compliance.BAD, f"{control.id} [{worst}] {text}")
        else:
            yield Evaluation(id_, Compliance.GOOD, f"{control.id} [{control.severity}]")


def _namespace(name: str) -> dict[str, Any]:
    item = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    return {"Type": _SPACE, "Properties": item}


def _essence(policy: dict[str, Any]) -> dict[str, Any]:
    """Return only the parts of a policy that the control reads, because its peers and ports may be many."""
    metadata, spec = policy.get("metadata") or {}, policy.get("spec") or {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": metadata.get("name"), "namespace": metadata.get("namespace")},
        "spec": {
            "podSelector": spec.get("podSelector") or {},
            "policyTypes": spec.get("policyTypes") or [],
            "egress": [{}] if spec.get("egress") else [],
        },
    }
