from hardened_eks.controls.detection import guardduty_enabled
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.detection.base import DETECTOR, GUARDED

CASE = Case(
    guardduty_enabled,
    GUARDED,
    bad=at(
        "Enable",
        {
            "suspended": change(DETECTOR, "Enable", False),
            "left out": drop(DETECTOR, "Enable"),
            "hidden": hide(DETECTOR, "Enable"),
        },
    ),
    edge={"text": change(DETECTOR, "Enable", "true")},
)
