from hardened_eks.controls.deployable import labels_and_taints
from tests.controls.cases import Bad, Case, change
from tests.controls.deployable.base import NG, NODES

CASE = Case(
    labels_and_taints,
    NODES,
    bad={
        "key": Bad(change(NG, "Labels", {"my team": "x"}), "Labels.my team"),
        "value": Bad(change(NG, "Labels", {"team": "a b"}), "Labels.team"),
        "empty value": Bad(change(NG, "Labels", {"team": ""}), "Labels.team"),
        "reserved": Bad(
            change(NG, "Labels", {"node-role.kubernetes.io/worker": "true"}), "Labels.node-role.kubernetes.io/worker"
        ),
        "reserved below node": Bad(
            change(NG, "Labels", {"node.cluster.k8s.io/worker": "true"}), "Labels.node.cluster.k8s.io/worker"
        ),
        "prefix": Bad(change(NG, "Labels", {"Team_X/name": "x"}), "Labels.Team_X/name"),
        "effect": Bad(change(NG, "Taints.0.Effect", "NoSchedule"), "Taints.0.Effect"),
        "taint key": Bad(change(NG, "Taints.0.Key", "-gpu"), "Taints.0.Key"),
        "reserved taint": Bad(change(NG, "Taints.0.Key", "kubernetes.io/arch"), "Taints.0.Key"),
    },
    edge={
        "own prefix": change(NG, "Labels", {"example.com/team": "x"}),
        "kubelet's own": change(NG, "Labels", {"node.kubernetes.io/x": "y"}),
        "below kubelet's own": change(NG, "Labels", {"a.node.kubernetes.io/x": "y"}),
        "set by the kubelet": change(NG, "Labels", {"kubernetes.io/arch": "arm64"}),
    },
)
