from hardened_eks.baseline.policies.security_profiles import POLICY
from hardened_eks.controls.kubernetes import node_confinement_kept
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
    node_confinement_kept,
    GOOD,
    bad={
        **at(
            MAIN,
            {
                "container": change(DEPLOYMENT, f"{MAIN}.securityContext.appArmorProfile", {"type": "Unconfined"}),
            },
        ),
        "init container": Bad(
            change(DEPLOYMENT, f"{PREPARE}.securityContext.appArmorProfile", {"type": "Unconfined"}), PREPARE
        ),
        "ephemeral container": Bad(
            change(DEPLOYMENT, f"{DEBUGGER}.securityContext.appArmorProfile", {"type": "Unconfined"}), DEBUGGER
        ),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.securityContext.appArmorProfile"), MAIN),
        "SELinux": Bad(change(DEPLOYMENT, f"{MAIN}.securityContext.seLinuxOptions", {"type": "spc_t"}), MAIN),
    },
    edge={
        "runtime's own": change(DEPLOYMENT, f"{MAIN}.securityContext.appArmorProfile", {"type": "RuntimeDefault"}),
        **everywhere(
            POLICY, workload(containers=[container(securityContext={"appArmorProfile": {"type": "Unconfined"}})])
        ),
    },
)
