from hardened_eks.controls.functions import function_traced
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.functions.base import FN, FUNCTIONS

CASE = Case(
    function_traced,
    FUNCTIONS,
    bad={
        "left out": Bad(drop(FN, "TracingConfig"), "TracingConfig.Mode"),
        "passed through": Bad(change(FN, "TracingConfig.Mode", "PassThrough"), "TracingConfig.Mode"),
        "hidden": Bad(hide(FN, "TracingConfig.Mode"), "TracingConfig.Mode"),
        "no memory": Bad(drop(FN, "MemorySize"), "MemorySize"),
        "no timeout": Bad(drop(FN, "Timeout"), "Timeout"),
    },
    edge={"memory in a parameter": hide(FN, "MemorySize")},
)
