"""The kubelet's rule for the labels with which it starts, and the rules in the schema of a NodePool."""

import pytest

from hardened_eks.baseline.node_labels import kept_by_pools, of_kubernetes, reserved_for_taints


@pytest.mark.parametrize(
    ("key", "kubelet_refuses", "pools_refuse"),
    [
        ("team", False, ""),
        ("example.com/team", False, ""),
        ("node.kubernetes.io/team", False, ""),
        ("a.node.kubernetes.io/team", False, ""),
        ("kubelet.kubernetes.io/team", False, "Kubernetes"),
        ("node-restriction.kubernetes.io/team", True, "Kubernetes"),
        ("node-role.kubernetes.io/worker", True, "Kubernetes"),
        ("node.cluster.k8s.io/worker", True, "Kubernetes"),
        ("kubernetes.io/hostname", True, "Kubernetes"),
        ("kops.k8s.io/group", True, "Kubernetes"),
        ("karpenter.sh/team", False, "Karpenter"),
        ("team.karpenter.sh/team", False, "Karpenter"),
        ("karpenter.k8s.aws/team", False, "Karpenter"),
        ("mykubernetes.io/team", False, "Kubernetes"),  # the schema compares ends, not labels of the domain
    ],
)  # fmt: skip
def test_who_refuses_a_label(key: str, kubelet_refuses: bool, pools_refuse: str) -> None:
    assert (of_kubernetes(key), kept_by_pools(key)) == (kubelet_refuses, pools_refuse)


@pytest.mark.parametrize(
    ("key", "reserved"),
    [
        ("team", False),
        ("example.com/team", False),
        ("mykubernetes.io/team", False),
        ("node.kubernetes.io/team", False),
        ("kubelet.kubernetes.io/team", False),
        ("kubernetes.io/arch", True),
        ("node-role.kubernetes.io/worker", True),
        ("cluster.k8s.io/team", True),
    ],
)
def test_which_keys_of_taints_are_reserved(key: str, reserved: bool) -> None:
    assert reserved_for_taints(key) is reserved
