from hardened_eks.controls.kubernetes import node_pool_transit_encryption
from tests.controls.cases import Case, at
from tests.controls.kubernetes.base import REQUIREMENTS, needs, node_pool

GENERATION = {"key": "karpenter.k8s.aws/instance-generation", "operator": "Gt", "values": ["6"]}
TYPE = "node.kubernetes.io/instance-type"

CASE = Case(
    node_pool_transit_encryption,
    node_pool(needs(instance_encryption_in_transit_supported=["true"])),
    bad=at(
        REQUIREMENTS,
        {
            "left out": node_pool(needs(instance_category=["c", "m", "r"])),
            "no requirements": node_pool([]),
            "a family without it": node_pool(needs(instance_family=["m7g", "m5"])),
            "another value as well": node_pool(needs(instance_encryption_in_transit_supported=[*["true"], "other"])),
            "not": node_pool([{**needs(instance_encryption_in_transit_supported=["true"])[0], "operator": "NotIn"}]),
            "a type without it": node_pool([{"key": TYPE, "operator": "In", "values": ["m5.large"]}]),
            "a family that is not known": node_pool(needs(instance_family=["zz9"])),
            "all generations of a category": node_pool(
                [*needs(instance_category=["m"]), {**GENERATION, "values": ["1"]}]
            ),
            "hidden": node_pool(needs(instance_encryption_in_transit_supported=[{"Ref": "AWS::StackId"}])),
            "no list": node_pool("any"),
        },
    ),
    edge={
        "families that have it": node_pool(needs(instance_family=["m7g", "m8g"])),
        "types that have it": node_pool([{"key": TYPE, "operator": "In", "values": ["m7g.large"]}]),
        "new generations": node_pool([*needs(instance_category=["c", "m", "r"]), GENERATION]),
        "Auto Mode": node_pool(
            [
                {
                    "key": "eks.amazonaws.com/instance-encryption-in-transit-supported",
                    "operator": "In",
                    "values": ["true"],
                }
            ]
        ),
    },
)
