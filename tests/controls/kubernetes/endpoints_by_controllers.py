from hardened_eks.baseline.policies.endpoint_slices import POLICY
from hardened_eks.controls.kubernetes import endpoints_by_controllers
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


IT = thing("v1", "Endpoints", namespace="kube-system")

CASE = Case(
    endpoints_by_controllers,
    IT,
    bad={
        "endpoints": Bad(thing("v1", "Endpoints", subsets=[]), ""),
        "slice": Bad(thing("discovery.k8s.io/v1", "EndpointSlice", endpoints=[]), ""),
    },
    edge={
        "privileged namespace of the team": judged_by(
            POLICY, thing("v1", "Endpoints", namespace="agents"), privileged_namespaces=["agents"]
        ),
    },
)
