from hardened_eks.controls.kubernetes import node_class_image
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.kubernetes.base import NODE_CLASS, node_class

TERMS = "spec.amiSelectorTerms"
ALIAS, PARAMETER = f"{TERMS}.0.alias", f"{TERMS}.0.ssmParameter"
PLACE = "/aws/service/bottlerocket/aws-k8s-1.36/arm64"

CASE = Case(
    node_class_image,
    node_class(),
    bad={
        **at(
            ALIAS,
            {
                "latest": change(NODE_CLASS, ALIAS, "bottlerocket@latest"),
                "no release": change(NODE_CLASS, ALIAS, "al2023"),
                "another system": change(NODE_CLASS, ALIAS, "windows2022@v1.2.3"),
                "hidden": hide(NODE_CLASS, ALIAS),
            },
        ),
        "AL2 and latest": Bad(change(NODE_CLASS, ALIAS, "al2@latest"), ALIAS),
        **at(
            PARAMETER,
            {
                "parameter that moves": change(NODE_CLASS, TERMS, [{"ssmParameter": f"{PLACE}/latest/image_id"}]),
                "parameter that is recommended": change(
                    NODE_CLASS, TERMS, [{"ssmParameter": "/aws/service/eks/recommended/image_id"}]
                ),
            },
        ),
        "by name": Bad(change(NODE_CLASS, TERMS, [{"name": "golden-*", "owner": "self"}]), f"{TERMS}.0"),
        "by tags": Bad(change(NODE_CLASS, TERMS, [{"id": "ami-1"}, {"tags": {"golden": "yes"}}]), f"{TERMS}.1"),
        "left out": Bad(drop(NODE_CLASS, TERMS), TERMS),
        "terms hidden": Bad(hide(NODE_CLASS, TERMS), TERMS),
    },
    edge={
        "id": change(NODE_CLASS, TERMS, [{"id": "ami-0123456789abcdef0"}]),
        "parameter of a release": change(NODE_CLASS, TERMS, [{"ssmParameter": f"{PLACE}/1.60.1/image_id"}]),
    },
)
