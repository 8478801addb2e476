from hardened_eks.baseline.policies.service import POLICY
from hardened_eks.controls.kubernetes import service_internal
from tests.controls.cases import Bad, Case, change, hide
from tests.controls.kubernetes.base import (
    judged_by,
    thing,
)

SERVICE = "Kubernetes::core::Service"

IT = thing("v1", "Service", spec={"type": "ClusterIP"})

CASE = Case(
    service_internal,
    IT,
    bad={
        "port of the nodes": Bad(change(SERVICE, "spec.type", "NodePort"), ""),
        "load balancer on the internet": Bad(change(SERVICE, "spec.type", "LoadBalancer"), ""),
        "external addresses": Bad(change(SERVICE, "spec.externalIPs", ["203.0.113.7"]), ""),
        "hidden": Bad(hide(SERVICE, "spec.type"), ""),
    },
    edge={
        "system namespace": thing("v1", "Service", namespace="kube-system", spec={"type": "NodePort"}),
        "privileged namespace of the team": judged_by(
            POLICY,
            thing("v1", "Service", namespace="agents", spec={"type": "NodePort"}),
            privileged_namespaces=["agents"],
        ),
    },
)
