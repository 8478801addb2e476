from hardened_eks.controls.control_plane import version_supported
from hardened_eks.data.kubernetes import supported
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD

CASE = Case(
    version_supported,
    GOOD,
    bad=at(
        "Version",
        {
            "not written": drop(CLUSTER, "Version"),
            "hidden": hide(CLUSTER, "Version"),
            "extended": change(CLUSTER, "Version", "1.32"),
            "long gone": change(CLUSTER, "Version", "1.21"),
            "not there": change(CLUSTER, "Version", "1.99"),
            "extended on a condition": change(CLUSTER, "Version", {"Fn::If": ["C", supported()[0], "1.32"]}),
            "number": change(CLUSTER, "Version", 1.32),
        },
    ),
    edge={
        "number": change(CLUSTER, "Version", float(supported()[-1])),
        "oldest": change(CLUSTER, "Version", supported()[0]),
        "one or the other": change(CLUSTER, "Version", {"Fn::If": ["C", supported()[0], supported()[1]]}),
    },
)
