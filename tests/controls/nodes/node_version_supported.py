from hardened_eks.controls.nodes import node_version_supported
from hardened_eks.data.kubernetes import supported
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.nodes.base import GOOD, GROUP, NO_VALUE

CASE = Case(
    node_version_supported,
    GOOD,
    bad=at(
        "Version",
        {
            "extended": change(GROUP, "Version", "1.32"),
            "long gone": change(GROUP, "Version", "1.21"),
            "not there": change(GROUP, "Version", "1.99"),
            "hidden": hide(GROUP, "Version"),
            "number": change(GROUP, "Version", 1.32),
            "list": change(GROUP, "Version", [supported()[-1]]),
            "empty": change(GROUP, "Version", ""),
        },
    ),
    edge={
        "the cluster's": drop(GROUP, "Version"),
        "no value": change(GROUP, "Version", NO_VALUE),
        "number": change(GROUP, "Version", float(supported()[-1])),
        "oldest in support": change(GROUP, "Version", supported()[0]),
        "joined": change(GROUP, "Version", {"Fn::Sub": ["${V}", {"V": supported()[-1]}]}),
    },
)
