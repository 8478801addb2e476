from hardened_eks.controls.logs import trail_validated
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.logs.base import TRAIL, TRAILS

CASE = Case(
    trail_validated,
    TRAILS,
    bad=at(
        "EnableLogFileValidation",
        {
            "off": change(TRAIL, "EnableLogFileValidation", False),
            "left out": drop(TRAIL, "EnableLogFileValidation"),
            "hidden": hide(TRAIL, "EnableLogFileValidation"),
        },
    ),
    edge={"text": change(TRAIL, "EnableLogFileValidation", "true")},
)
