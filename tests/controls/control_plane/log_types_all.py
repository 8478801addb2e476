from hardened_eks.controls.control_plane import log_types_all
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import ALL, CLUSTER, GOOD, LOGS, logs

CASE = Case(
    log_types_all,
    GOOD,
    bad=at(
        "Logging.ClusterLogging.EnabledTypes",
        {
            "audit only": change(CLUSTER, LOGS, logs("audit")),
            "scheduler missing": change(CLUSTER, LOGS, ALL[:-1]),
            "none": drop(CLUSTER, "Logging"),
            "hidden": hide(CLUSTER, LOGS),
            "one hidden": hide(CLUSTER, f"{LOGS}.1.Type"),
            "another case": change(CLUSTER, f"{LOGS}.3.Type", "ControllerManager"),
        },
    ),
    edge={"another order": change(CLUSTER, LOGS, ALL[::-1])},
)
