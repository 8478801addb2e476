from hardened_eks.baseline.policies.secret_env import POLICY
from hardened_eks.controls.kubernetes import secrets_as_files
from tests.baseline.objects import container
from tests.controls.cases import Bad, Case, change, hide
from tests.controls.kubernetes.base import (
    DEPLOYMENT,
    GOOD,
    MAIN,
    PREPARE,
    everywhere,
    workload,
)

CASE = Case(
    secrets_as_files,
    GOOD,
    bad={
        "variable": Bad(
            change(
                DEPLOYMENT, f"{MAIN}.env", [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
            ),
            MAIN,
        ),
        "all of a secret": Bad(change(DEPLOYMENT, f"{PREPARE}.envFrom", [{"secretRef": {"name": "s"}}]), PREPARE),
        "hidden": Bad(hide(DEPLOYMENT, f"{MAIN}.env"), MAIN),
    },
    edge={
        "variable of a map": change(
            DEPLOYMENT, f"{MAIN}.env", [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "s", "key": "k"}}}]
        ),
        **everywhere(POLICY, workload(containers=[container(envFrom=[{"secretRef": {"name": "s"}}])])),
    },
)
