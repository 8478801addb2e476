from hardened_eks.controls.kubernetes import node_class_profile
from tests.controls.cases import Bad, Case, change, drop
from tests.controls.kubernetes.base import NODE_CLASS, node_class

CASE = Case(
    node_class_profile,
    node_class(),
    bad={
        "role": Bad(node_class(role="payments-nodes", instanceProfile=None), "spec.role"),
        "neither": Bad(drop(NODE_CLASS, "spec.instanceProfile"), "spec.instanceProfile"),
        "both": Bad(change(NODE_CLASS, "spec.role", "payments-nodes"), "spec.role"),
    },
)
