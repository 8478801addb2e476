from hardened_eks.controls.control_plane import deletion_protection
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD

CASE = Case(
    deletion_protection,
    GOOD,
    bad=at(
        "DeletionProtection",
        {
            "off": change(CLUSTER, "DeletionProtection", False),
            "left out": drop(CLUSTER, "DeletionProtection"),
            "hidden": hide(CLUSTER, "DeletionProtection"),
        },
    ),
    edge={"text": change(CLUSTER, "DeletionProtection", "true")},
)
