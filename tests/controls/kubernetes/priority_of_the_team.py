from hardened_eks.baseline.policies.priority import POLICY
from hardened_eks.controls.kubernetes import priority_of_the_team
from tests.controls.cases import Bad, Case, change, hide
from tests.controls.kubernetes.base import (
    DEPLOYMENT,
    GOOD,
    POD,
    everywhere,
    workload,
)

CASE = Case(
    priority_of_the_team,
    GOOD,
    bad={
        "of the node": Bad(change(DEPLOYMENT, f"{POD}.priorityClassName", "system-node-critical"), POD),
        "hidden": Bad(hide(DEPLOYMENT, f"{POD}.priorityClassName"), POD),
    },
    edge={
        "own class": change(DEPLOYMENT, f"{POD}.priorityClassName", "batch"),
        **everywhere(POLICY, workload(priorityClassName="system-node-critical")),
    },
)
