from hardened_eks.controls.control_plane import access_entries
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD

CASE = Case(
    access_entries,
    GOOD,
    bad=at(
        "AccessConfig.AuthenticationMode",
        {
            "left out": drop(CLUSTER, "AccessConfig"),
            "config map": change(CLUSTER, "AccessConfig.AuthenticationMode", "CONFIG_MAP"),
            "both": change(CLUSTER, "AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP"),
            "hidden": hide(CLUSTER, "AccessConfig.AuthenticationMode"),
        },
    ),
)
