from hardened_eks.controls.kubernetes import auto_mode_nitro
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.kubernetes.auto_mode import NODE_POOL, only

PATH = "spec.template.spec.requirements"

CASE = Case(
    auto_mode_nitro,
    only(NODE_POOL),
    bad={
        **at(
            PATH,
            {
                "no hypervisor": drop(NODE_POOL, f"{PATH}.0"),
                "any traffic": drop(NODE_POOL, f"{PATH}.1"),
                "Xen as well": change(NODE_POOL, f"{PATH}.0.values", ["nitro", "xen"]),
                "no Nitro": change(NODE_POOL, f"{PATH}.0.operator", "NotIn"),
                "plain text": change(NODE_POOL, f"{PATH}.1.values", ["false"]),
            },
        ),
        "no requirements": Bad(drop(NODE_POOL, PATH), PATH, PATH),
        "hidden": Bad(hide(NODE_POOL, PATH), PATH, PATH),
    },
    edge={
        "of Karpenter": change(NODE_POOL, "spec.template.spec.nodeClassRef.group", "karpenter.k8s.aws"),
    },
)
