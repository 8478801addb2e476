from hardened_eks.controls.kubernetes import node_pool_nitro
from tests.controls.cases import Case, at
from tests.controls.kubernetes.base import REQUIREMENTS, needs, node_pool

GENERATION = {"key": "karpenter.k8s.aws/instance-generation", "operator": "Gt", "values": ["4"]}
TYPE = "node.kubernetes.io/instance-type"

CASE = Case(
    node_pool_nitro,
    node_pool(needs(instance_hypervisor=["nitro"])),
    bad=at(
        REQUIREMENTS,
        {
            "of Auto Mode": node_pool(
                [{"key": "eks.amazonaws.com/instance-category", "operator": "In", "values": ["c"]}]
            ),
            "left out": node_pool(needs(instance_category=["c", "m", "r"])),
            "no requirements": node_pool([]),
            "a family without it": node_pool(needs(instance_family=["m5", "m4"])),
            "another value as well": node_pool(needs(instance_hypervisor=[*["nitro"], "other"])),
            "not": node_pool([{**needs(instance_hypervisor=["nitro"])[0], "operator": "NotIn"}]),
            "a type without it": node_pool([{"key": TYPE, "operator": "In", "values": ["m4.large"]}]),
            "a family that is not known": node_pool(needs(instance_family=["zz9"])),
            "all generations of a category": node_pool(
                [*needs(instance_category=["m"]), {**GENERATION, "values": ["1"]}]
            ),
            "hidden": node_pool(needs(instance_hypervisor=[{"Ref": "AWS::StackId"}])),
            "no list": node_pool("any"),
        },
    ),
    edge={
        "of Auto Mode": node_pool(
            [{"key": "eks.amazonaws.com/instance-hypervisor", "operator": "In", "values": ["nitro"]}]
        ),
        "families that have it": node_pool(needs(instance_family=["m5", "m8g"])),
        "types that have it": node_pool([{"key": TYPE, "operator": "In", "values": ["m5.large"]}]),
        "new generations": node_pool([*needs(instance_category=["c", "m", "r"]), GENERATION]),
        "Auto Mode": node_pool(
            [{"key": "eks.amazonaws.com/instance-hypervisor", "operator": "In", "values": ["nitro"]}]
        ),
    },
)
