from hardened_eks.controls.kubernetes import node_class_metadata
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import NODE_CLASS, node_class, thing

OPTIONS = "spec.metadataOptions"
TOKENS, HOPS = f"{OPTIONS}.httpTokens", f"{OPTIONS}.httpPutResponseHopLimit"

CASE = Case(
    node_class_metadata,
    node_class(),
    bad={
        "tokens optional": Bad(change(NODE_CLASS, TOKENS, "optional"), TOKENS),
        "two hops": Bad(change(NODE_CLASS, HOPS, 2), HOPS),
        "true is no number": Bad(change(NODE_CLASS, HOPS, True), HOPS),
        "both": Bad(
            change(NODE_CLASS, OPTIONS, {"httpTokens": "optional", "httpPutResponseHopLimit": 3}), TOKENS, HOPS
        ),
        "tokens hidden": Bad(hide(NODE_CLASS, TOKENS), TOKENS),
        "hops hidden": Bad(hide(NODE_CLASS, HOPS), HOPS),
        "left out before v1": Bad(thing("karpenter.k8s.aws/v1beta1", "EC2NodeClass", namespace=None, spec={}), HOPS),
    },
    edge={
        "left out": drop(NODE_CLASS, OPTIONS),
        "one of them left out": drop(NODE_CLASS, HOPS),
        "off": change(NODE_CLASS, OPTIONS, {"httpEndpoint": "disabled", "httpPutResponseHopLimit": 2}),
    },
)
