from hardened_eks.controls.functions import function_traced
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.functions.base import FN, FUNCTIONS

CASE = Case(
    function_traced,
    FUNCTIONS,
    bad={
        **at(
            "TracingConfig.Mode",
            {
                "left out": drop(FN, "TracingConfig"),
                "passed through": change(FN, "TracingConfig.Mode", "PassThrough"),
                "hidden": hide(FN, "TracingConfig.Mode"),
            },
        ),
        "no memory": Bad(drop(FN, "MemorySize"), "MemorySize"),
        "no timeout": Bad(drop(FN, "Timeout"), "Timeout"),
    },
    edge={"memory in a parameter": hide(FN, "MemorySize")},
)
