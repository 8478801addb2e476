from hardened_eks.controls.kubernetes import auto_mode_own_key
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.kubernetes.auto_mode import NODE_CLASS, only

PATH = "spec.ephemeralStorage.kmsKeyID"

CASE = Case(
    auto_mode_own_key,
    only(NODE_CLASS),
    bad=at(
        PATH,
        {
            "left out": drop(NODE_CLASS, PATH),
            "no storage": drop(NODE_CLASS, "spec.ephemeralStorage"),
            "of AWS": change(NODE_CLASS, PATH, "alias/aws/ebs"),
        },
    ),
    edge={"alias": change(NODE_CLASS, PATH, "alias/volumes"), "hidden": hide(NODE_CLASS, PATH)},
)
