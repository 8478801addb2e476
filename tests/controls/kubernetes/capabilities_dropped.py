from hardened_eks.baseline.policies.capabilities import POLICY
from hardened_eks.controls.kubernetes import capabilities_dropped
from tests.baseline.objects import container
from tests.controls.cases import Bad, Case, at, change, hide
from tests.controls.kubernetes.base import (
    DEBUGGER,
    DEPLOYMENT,
    GOOD,
    MAIN,
    PREPARE,
    everywhere,
    workload,
)

CASE = Case(
    capabilities_dropped,
    GOOD,
    bad={
        **at(
            MAIN,
            {
                "container": change(DEPLOYMENT, f"{MAIN}.securityContext.capabilities", {"drop": []}),
            },
        ),
        "init container": Bad(change(DEPLOYMENT, f"{PREPARE}.securityContext.capabilities", {"drop": []}), PREPARE),
        "ephemeral container": Bad(
            change(DEPLOYMENT, f"{DEBUGGER}.securityContext.capabilities", {"drop": []}), DEBUGGER
        ),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.securityContext.capabilities"), MAIN),
        "added": Bad(change(DEPLOYMENT, f"{MAIN}.securityContext.capabilities.add", ["SYS_ADMIN"]), MAIN),
    },
    edge={
        "may bind ports": change(DEPLOYMENT, f"{MAIN}.securityContext.capabilities.add", ["NET_BIND_SERVICE"]),
        **everywhere(POLICY, workload(containers=[container(securityContext={})])),
    },
)
