from hardened_eks.baseline.policies.image_pinned import POLICY
from hardened_eks.controls.kubernetes import images_pinned
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
    images_pinned,
    GOOD,
    bad={
        **at(
            MAIN,
            {
                "container": change(
                    DEPLOYMENT, f"{MAIN}.image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:latest"
                ),
            },
        ),
        "init container": Bad(
            change(DEPLOYMENT, f"{PREPARE}.image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:latest"), PREPARE
        ),
        "ephemeral container": Bad(
            change(DEPLOYMENT, f"{DEBUGGER}.image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:latest"), DEBUGGER
        ),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.image"), MAIN),
        "no tag": Bad(change(DEPLOYMENT, f"{MAIN}.image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a"), MAIN),
    },
    edge={
        "digest": change(
            DEPLOYMENT, f"{MAIN}.image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:" + "a1" * 32
        ),
        **everywhere(POLICY, workload(containers=[container(image="nginx")])),
    },
)
