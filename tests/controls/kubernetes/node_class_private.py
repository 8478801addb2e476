from hardened_eks.controls.kubernetes import node_class_private
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import NODE_CLASS, node_class

PUBLIC = "spec.associatePublicIPAddress"

CASE = Case(
    node_class_private,
    node_class(),
    bad={
        "public": Bad(change(NODE_CLASS, PUBLIC, True), PUBLIC),
        "hidden": Bad(hide(NODE_CLASS, PUBLIC), PUBLIC),
    },
    edge={"left out": drop(NODE_CLASS, PUBLIC)},
)
