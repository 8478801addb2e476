from hardened_eks.controls.logs import trail_encrypted
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.logs.base import TRAIL, TRAILS, second

CASE = Case(
    trail_encrypted,
    TRAILS,
    bad=at(
        "KMSKeyId",
        {
            "left out": drop(TRAIL, "KMSKeyId"),
            "empty": change(TRAIL, "KMSKeyId", ""),
            "second trail": second(IsLogging=True),
        },
    ),
    edge={"in a parameter": hide(TRAIL, "KMSKeyId")},
)
