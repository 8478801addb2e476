from hardened_eks.controls.access import break_glass_session
from tests.controls.access.base import ROLE
from tests.controls.access.break_glass import BREAK_GLASS, viewer
from tests.controls.cases import Case, at, both, change, drop, hide

PATH = "MaxSessionDuration"

CASE = Case(
    break_glass_session,
    BREAK_GLASS,
    bad=at(
        PATH,
        {
            "twelve hours": change(ROLE, PATH, 43200),
            "an hour and a second": change(ROLE, PATH, 3601),
            "as text": change(ROLE, PATH, "7200"),
            "hidden": hide(ROLE, PATH),
            "no number": change(ROLE, PATH, "long"),
        },
    ),
    edge={
        "left out": drop(ROLE, PATH),
        "as text": change(ROLE, PATH, "3600"),
        "no administrator": both(viewer, change(ROLE, PATH, 43200)),
    },
)
