from hardened_eks.baseline.policies.default_namespace import POLICY
from hardened_eks.controls.kubernetes import own_namespace
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
    own_namespace,
    GOOD,
    bad={
        "default": Bad(in_namespace(GOOD, "default"), POD),
        "left out": Bad(drop(DEPLOYMENT, "metadata.namespace"), POD),
    },
    edge={
        "system namespace": in_namespace(GOOD, "kube-system"),
    },
)
