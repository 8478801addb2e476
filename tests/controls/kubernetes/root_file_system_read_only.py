from hardened_eks.baseline.policies.read_only_rootfs import POLICY
from hardened_eks.controls.kubernetes import root_file_system_read_only
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
    root_file_system_read_only,
    GOOD,
    bad={
        **at(
            MAIN,
            {
                "container": change(DEPLOYMENT, f"{MAIN}.securityContext.readOnlyRootFilesystem", False),
            },
        ),
        "init container": Bad(change(DEPLOYMENT, f"{PREPARE}.securityContext.readOnlyRootFilesystem", False), PREPARE),
        "ephemeral container": Bad(
            change(DEPLOYMENT, f"{DEBUGGER}.securityContext.readOnlyRootFilesystem", False), DEBUGGER
        ),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.securityContext.readOnlyRootFilesystem"), MAIN),
    },
    edge={
        **everywhere(POLICY, workload(containers=[container(securityContext={})])),
    },
)
