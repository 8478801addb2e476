"""Keys and values of labels and taints, and the keys that a node cannot have.

The kubelet does not start with such a label, EKS refuses the taint, or the API server refuses the NodePool.

Sources:
    https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
    https://github.com/alphagov/govuk-infrastructure/pull/1264 (EKS and taints)
    https://github.com/kubernetes-sigs/karpenter (pkg/apis/crds/karpenter.sh_nodepools.yaml, the rules of ``labels``)
"""

from __future__ import annotations

from typing import Final

from hardened_eks._patterns import regex

LABEL_KEY: Final = regex(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
LABEL_VALUE: Final = regex(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
_KUBERNETES: Final = ("kubernetes.io", "k8s.io")
_OF_KUBELETS: Final = ("kubelet.kubernetes.io", "node.kubernetes.io")
_OF_POOLS: Final = ("node.kubernetes.io", "node-restriction.kubernetes.io", "kops.k8s.io")
_KARPENTER: Final = ("karpenter.sh", "karpenter.k8s.aws")


def of_kubernetes(key: str) -> bool:
    """Return whether a kubelet refuses a label, with which its node would never join.

    Args:
        key: key of the label, for example ``example.com/team``.
    """
    prefix = key.rpartition("/")[0]
    return _in(prefix, _KUBERNETES) and not _in(prefix, _OF_KUBELETS)


def reserved_for_taints(key: str) -> bool:
    """Return whether the key of a taint is reserved for Kubernetes, so that EKS refuses it.

    Args:
        key: key of the taint, for example ``example.com/team``.
    """
    prefix = key.rpartition("/")[0]
    return _in(prefix, _KUBERNETES) and not prefix.startswith(("node.", "kubelet."))


def kept_by_pools(key: str) -> str:
    """Return why the API server refuses a NodePool with a label: ``Karpenter``, ``Kubernetes``, or nothing.

    Args:
        key: key of the label, for example ``example.com/team``.
    """
    domain = key.partition("/")[0]
    if domain.endswith(_KARPENTER):
        return "Karpenter"
    refused = key == "kubernetes.io/hostname" or (domain.endswith(_KUBERNETES) and not domain.endswith(_OF_POOLS))
    return "Kubernetes" if refused or of_kubernetes(key) else ""


def _in(prefix: str, domains: tuple[str, ...]) -> bool:
    return any(prefix == domain or prefix.endswith(f".{domain}") for domain in domains)
