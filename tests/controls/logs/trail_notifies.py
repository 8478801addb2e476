from hardened_eks.controls.logs import trail_notifies
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.logs.base import TRAIL, TRAILS, second

CASE = Case(
    trail_notifies,
    TRAILS,
    bad=at(
        "SnsTopicName",
        {
            "left out": drop(TRAIL, "SnsTopicName"),
            "empty": change(TRAIL, "SnsTopicName", ""),
            "second trail": second(IsLogging=True),
        },
    ),
    edge={"in a parameter": hide(TRAIL, "SnsTopicName")},
)
