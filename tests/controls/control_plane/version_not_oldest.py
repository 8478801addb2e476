from hardened_eks.controls.control_plane import version_not_oldest
from hardened_eks.data.kubernetes import supported
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD

CASE = Case(
    version_not_oldest,
    GOOD,
    bad=at(
        "Version",
        {
            "oldest": change(CLUSTER, "Version", supported()[0]),
            "older": change(CLUSTER, "Version", "1.32"),
            "not written": drop(CLUSTER, "Version"),
            "hidden": hide(CLUSTER, "Version"),
        },
    ),
    edge={
        "second": change(CLUSTER, "Version", supported()[1]),
        "one or the other": change(CLUSTER, "Version", {"Fn::If": ["C", supported()[1], supported()[-1]]}),
    },
)
