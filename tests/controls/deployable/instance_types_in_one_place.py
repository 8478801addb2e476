from hardened_eks.controls.deployable import instance_types_in_one_place
from tests.controls.cases import Case, at, change
from tests.controls.deployable.base import LT, NG, NODES

CASE = Case(
    instance_types_in_one_place,
    NODES,
    bad=at(
        "InstanceTypes",
        {
            "both": change(LT, "LaunchTemplateData.InstanceType", "m7g.large"),
            "twice": change(NG, "InstanceTypes", ["m7g.large", "m7g.large"]),
            "too many": change(NG, "InstanceTypes", [f"m7g.{n}xlarge" for n in range(21)]),
        },
    ),
)
