from hardened_eks.controls.control_plane import pod_session_tags
from tests.controls.cases import Case, at, change, hide
from tests.controls.control_plane.roles import ASSOCIATION, ROLES

PATH = "DisableSessionTags"

CASE = Case(
    pod_session_tags,
    ROLES,
    bad=at(
        PATH,
        {
            "disabled": change(ASSOCIATION, PATH, True),
            "as text": change(ASSOCIATION, PATH, "true"),
            "hidden": hide(ASSOCIATION, PATH),
        },
    ),
    edge={"said": change(ASSOCIATION, PATH, False), "said as text": change(ASSOCIATION, PATH, "false")},
)
