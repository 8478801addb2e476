from hardened_eks.baseline.policies.seccomp import POLICY
from hardened_eks.controls.kubernetes import seccomp_on
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
    seccomp_on,
    GOOD,
    bad={
        "left out": Bad(
            drop(DEPLOYMENT, f"{POD}.securityContext.seccompProfile"),
            MAIN,
            f"{POD}.containers.1",
            PREPARE,
            f"{POD}.initContainers.1",
            DEBUGGER,
        ),
        "container unconfined": Bad(
            change(DEPLOYMENT, f"{MAIN}.securityContext.seccompProfile", {"type": "Unconfined"}), MAIN
        ),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.securityContext.seccompProfile"), MAIN),
    },
    edge={
        **everywhere(POLICY, workload(securityContext={})),
    },
)
