from hardened_eks.baseline.policies.endpoint_slices import POLICY
from hardened_eks.controls.kubernetes import endpoints_by_controllers
from tests.controls.cases import Bad, Case
from tests.controls.kubernetes.base import (
    judged_by,
    thing,
)

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
