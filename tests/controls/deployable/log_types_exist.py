from hardened_eks.controls.deployable import log_types_exist
from tests.controls.cases import Bad, Case, change
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    log_types_exist,
    cluster(Logging={"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}),
    bad={
        "unknown": Bad(
            change(CL, "Logging.ClusterLogging.EnabledTypes.0.Type", "controller-manager"),
            "Logging.ClusterLogging.EnabledTypes.0.Type",
        ),
        "case": Bad(
            change(CL, "Logging.ClusterLogging.EnabledTypes.0.Type", "API"),
            "Logging.ClusterLogging.EnabledTypes.0.Type",
        ),
        "twice": Bad(
            change(CL, "Logging.ClusterLogging.EnabledTypes.0.Type", "audit"),
            "Logging.ClusterLogging.EnabledTypes.1.Type",
        ),
        "texts": Bad(
            change(CL, "Logging.ClusterLogging.EnabledTypes", ["api"]), "Logging.ClusterLogging.EnabledTypes.0"
        ),
    },
)
