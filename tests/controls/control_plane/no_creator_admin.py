from hardened_eks.controls.control_plane import no_creator_admin
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD

CASE = Case(
    no_creator_admin,
    GOOD,
    bad=at(
        "AccessConfig.BootstrapClusterCreatorAdminPermissions",
        {
            "on": change(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions", True),
            "left out": drop(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions"),
            "nothing written": drop(CLUSTER, "AccessConfig"),
            "hidden": hide(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions"),
        },
    ),
    edge={"text": change(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions", "false")},
)
