from hardened_eks.controls.keys import single_region
from tests.controls.cases import ITSELF, Bad, Case, change, drop, hide, template
from tests.controls.keys.base import KEY, key

REPLICA = "AWS::KMS::ReplicaKey"

CASE = Case(
    single_region,
    key(MultiRegion=False),
    bad={
        "many": Bad(change(KEY, "MultiRegion", True), "MultiRegion"),
        "as text": Bad(change(KEY, "MultiRegion", "true"), "MultiRegion"),
        "hidden": Bad(hide(KEY, "MultiRegion"), "MultiRegion"),
        "a replica": Bad(template({"Copy": (REPLICA, {"PrimaryKeyArn": "arn:x"})}), ITSELF),
    },
    edge={"left out": drop(KEY, "MultiRegion")},
)
