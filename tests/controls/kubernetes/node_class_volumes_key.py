from hardened_eks.controls.kubernetes import node_class_volumes_key
from tests.controls.cases import Bad, Case, change, drop
from tests.controls.kubernetes.base import NODE_CLASS, node_class

MAPPINGS = "spec.blockDeviceMappings"
FIRST = f"{MAPPINGS}.0.ebs.kmsKeyID"

CASE = Case(
    node_class_volumes_key,
    node_class(),
    bad={
        "left out": Bad(drop(NODE_CLASS, FIRST), FIRST),
        "key of AWS": Bad(change(NODE_CLASS, FIRST, "alias/aws/ebs"), FIRST),
        "Karpenter's own": Bad(drop(NODE_CLASS, MAPPINGS), MAPPINGS),
    },
    edge={"alias": change(NODE_CLASS, FIRST, "alias/volumes")},
)
