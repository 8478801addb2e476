from hardened_eks.baseline.policies.resources import POLICY
from hardened_eks.controls.kubernetes import resources_stated
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.kubernetes.base import (
    DEBUGGER,
    DEPLOYMENT,
    GOOD,
    MAIN,
    POD,
    PREPARE,
    cron_job,
    everywhere,
    in_namespace,
    judged_by,
    pod,
    thing,
    workload,
)
from tests.baseline.objects import container


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
