from hardened_eks.controls.kubernetes import node_class_volumes
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import NODE_CLASS, node_class, volume

MAPPINGS = "spec.blockDeviceMappings"
FIRST = f"{MAPPINGS}.0.ebs.encrypted"

CASE = Case(
    node_class_volumes,
    node_class(),
    bad={
        "off": Bad(change(NODE_CLASS, FIRST, False), FIRST),
        "left out": Bad(drop(NODE_CLASS, FIRST), FIRST),
        "text": Bad(change(NODE_CLASS, FIRST, "true"), FIRST),
        "no settings": Bad(drop(NODE_CLASS, f"{MAPPINGS}.1.ebs"), f"{MAPPINGS}.1.ebs.encrypted"),
        "hidden": Bad(hide(NODE_CLASS, FIRST), FIRST),
        "a volume of Bottlerocket is not named": Bad(drop(NODE_CLASS, f"{MAPPINGS}.1"), MAPPINGS),
        "the same by its family": Bad(
            node_class(
                amiFamily="Bottlerocket", amiSelectorTerms=[{"id": "ami-1"}], blockDeviceMappings=[volume("/dev/xvdb")]
            ),
            MAPPINGS,
        ),
        "custom image": Bad(
            node_class(amiFamily="Custom", amiSelectorTerms=[{"id": "ami-1"}], blockDeviceMappings=None), MAPPINGS
        ),
    },
    edge={
        "Karpenter's own": drop(NODE_CLASS, MAPPINGS),
        "AL2023 has one": node_class(
            amiSelectorTerms=[{"alias": "al2023@v20261101"}], blockDeviceMappings=[volume("/dev/xvda")]
        ),
    },
)
