from hardened_eks.controls.kubernetes import own_namespace
from tests.controls.cases import Bad, Case, drop
from tests.controls.kubernetes.base import (
    DEPLOYMENT,
    GOOD,
    POD,
    in_namespace,
)

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
