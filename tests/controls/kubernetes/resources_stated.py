from hardened_eks.baseline.policies.resources import POLICY
from hardened_eks.controls.kubernetes import resources_stated
from tests.controls.cases import Bad, Case, drop, hide
from tests.controls.kubernetes.base import (
    DEPLOYMENT,
    GOOD,
    MAIN,
    PREPARE,
    everywhere,
    workload,
)

CASE = Case(
    resources_stated,
    GOOD,
    bad={
        "no memory limit": Bad(drop(DEPLOYMENT, f"{MAIN}.resources.limits"), MAIN),
        "no request": Bad(drop(DEPLOYMENT, f"{PREPARE}.resources.requests.cpu"), PREPARE),
        "nothing": Bad(drop(DEPLOYMENT, f"{MAIN}.resources"), MAIN),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.resources"), MAIN),
    },
    edge={
        **everywhere(POLICY, workload(containers=[{"name": "main", "image": "a"}])),
    },
)
