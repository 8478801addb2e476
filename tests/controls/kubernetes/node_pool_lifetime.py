from hardened_eks.controls.kubernetes import node_pool_lifetime
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import NODE_POOL, needs, node_pool, thing

AFTER = "spec.template.spec.expireAfter"

CASE = Case(
    node_pool_lifetime,
    node_pool(needs(instance_hypervisor=["nitro"])),
    bad={
        "never": Bad(change(NODE_POOL, AFTER, "Never"), AFTER),
        "too long": Bad(change(NODE_POOL, AFTER, "720h1s"), AFTER),
        "no duration": Bad(change(NODE_POOL, AFTER, "30 days"), AFTER),
        "hidden": Bad(hide(NODE_POOL, AFTER), AFTER),
        "before v1": Bad(
            thing("karpenter.sh/v1beta1", "NodePool", namespace=None, spec={"disruption": {"expireAfter": "Never"}}),
            "spec.disruption.expireAfter",
        ),
    },
    edge={"left out": drop(NODE_POOL, AFTER), "days in minutes": change(NODE_POOL, AFTER, "43200m")},
)
