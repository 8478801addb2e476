from hardened_eks.controls.keys import single_region
from tests.controls.cases import ITSELF, Bad, Case, at, change, drop, hide, template
from tests.controls.keys.base import KEY, key

REPLICA = "AWS::KMS::ReplicaKey"

CASE = Case(
    single_region,
    key(MultiRegion=False),
    bad={
        **at(
            "MultiRegion",
            {
                "many": change(KEY, "MultiRegion", True),
                "as text": change(KEY, "MultiRegion", "true"),
                "hidden": hide(KEY, "MultiRegion"),
            },
        ),
        "a replica": Bad(template({"Copy": (REPLICA, {"PrimaryKeyArn": "arn:x"})}), ITSELF),
    },
    edge={"left out": drop(KEY, "MultiRegion")},
)
