from hardened_eks.controls.functions import runtime_supported
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.functions.base import FN, FUNCTIONS

CASE = Case(
    runtime_supported,
    FUNCTIONS,
    bad=at(
        "Runtime",
        {
            "deprecated": change(FN, "Runtime", "python3.8"),
            "ended this year": change(FN, "Runtime", "nodejs20.x"),
            "Go": change(FN, "Runtime", "go1.x"),
            "left out": drop(FN, "Runtime"),
            "hidden": hide(FN, "Runtime"),
            "unknown": change(FN, "Runtime", "cobol1"),
        },
    ),
    edge={
        "container": both(drop(FN, "Runtime"), change(FN, "PackageType", "Image")),
        "newer than the table": change(FN, "Runtime", "python3.99"),
        "custom": change(FN, "Runtime", "provided.al2023"),
        "Node": change(FN, "Runtime", "nodejs24.x"),
    },
)
