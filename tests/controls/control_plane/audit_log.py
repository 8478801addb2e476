from hardened_eks.controls.control_plane import audit_log
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD, LOGS, logs

CASE = Case(
    audit_log,
    GOOD,
    bad=at(
        "Logging.ClusterLogging.EnabledTypes",
        {
            "others only": change(CLUSTER, LOGS, logs("api", "scheduler")),
            "none": drop(CLUSTER, "Logging"),
            "hidden": hide(CLUSTER, LOGS),
            "itself hidden": hide(CLUSTER, f"{LOGS}.1.Type"),
        },
    ),
    edge={"audit only": change(CLUSTER, LOGS, logs("audit"))},
)
