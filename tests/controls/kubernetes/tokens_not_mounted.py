from hardened_eks.baseline.policies.automount_token import POLICY
from hardened_eks.controls.kubernetes import tokens_not_mounted
from tests.controls.cases import Bad, Case, both, change, hide
from tests.controls.kubernetes.base import (
    DEPLOYMENT,
    GOOD,
    POD,
    everywhere,
    thing,
    workload,
)

MOUNTED = both(
    change(DEPLOYMENT, f"{POD}.serviceAccountName", "default"),
    change(DEPLOYMENT, f"{POD}.automountServiceAccountToken", True),
)

CASE = Case(
    tokens_not_mounted,
    GOOD,
    bad={
        "default account": Bad(MOUNTED, POD),
        "token that lives for ever": Bad(thing("v1", "Secret", type="kubernetes.io/service-account-token"), ""),
        "hidden": Bad(both(MOUNTED, hide(DEPLOYMENT, f"{POD}.serviceAccountName")), POD),
    },
    edge={
        "other secret": thing("v1", "Secret", type="Opaque"),
        **everywhere(POLICY, workload(serviceAccountName="default", automountServiceAccountToken=True)),
    },
)
