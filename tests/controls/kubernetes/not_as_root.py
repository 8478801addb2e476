from hardened_eks.baseline.policies.non_root import POLICY
from hardened_eks.controls.kubernetes import not_as_root
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import (
    DEBUGGER,
    DEPLOYMENT,
    GOOD,
    MAIN,
    POD,
    PREPARE,
    everywhere,
    workload,
)

CASE = Case(
    not_as_root,
    GOOD,
    bad={
        "pod as root": Bad(change(DEPLOYMENT, f"{POD}.securityContext.runAsUser", 0), POD),
        "hidden": Bad(
            hide(DEPLOYMENT, f"{POD}.securityContext.runAsNonRoot"),
            MAIN,
            f"{POD}.containers.1",
            PREPARE,
            f"{POD}.initContainers.1",
            DEBUGGER,
        ),
        "left out": Bad(
            drop(DEPLOYMENT, f"{POD}.securityContext"),
            MAIN,
            f"{POD}.containers.1",
            PREPARE,
            f"{POD}.initContainers.1",
            DEBUGGER,
        ),
        "container as root": Bad(change(DEPLOYMENT, f"{MAIN}.securityContext.runAsUser", 0), MAIN),
        "init container as root": Bad(change(DEPLOYMENT, f"{PREPARE}.securityContext.runAsNonRoot", False), PREPARE),
    },
    edge={
        **everywhere(POLICY, workload(securityContext={})),
    },
)
