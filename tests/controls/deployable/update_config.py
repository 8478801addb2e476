from hardened_eks.controls.deployable import update_config
from tests.controls.cases import Bad, Case, change
from tests.controls.deployable.base import NG, NODES

CASE = Case(
    update_config,
    NODES,
    bad={
        "both": Bad(change(NG, "UpdateConfig.MaxUnavailablePercentage", 33), "UpdateConfig"),
        "zero": Bad(change(NG, "UpdateConfig.MaxUnavailable", 0), "UpdateConfig.MaxUnavailable"),
        "200 %": Bad(
            change(NG, "UpdateConfig", {"MaxUnavailablePercentage": 200}), "UpdateConfig.MaxUnavailablePercentage"
        ),
    },
)
