from hardened_eks.baseline.policies.ingress import POLICY
from hardened_eks.controls.kubernetes import ingress_tls
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import (
    judged_by,
    thing,
)

INGRESS = "Kubernetes::networking.k8s.io::Ingress"

IT = thing(
    "networking.k8s.io/v1",
    "Ingress",
    spec={"tls": [{"secretName": "web", "hosts": ["a.example.com"]}], "rules": [{"host": "a.example.com"}]},
)

CASE = Case(
    ingress_tls,
    IT,
    bad={
        "no certificate": Bad(drop(INGRESS, "spec.tls"), ""),
        "another host": Bad(change(INGRESS, "spec.rules", [{"host": "b.example.com"}]), ""),
        "plain listener of a set": Bad(
            thing(
                "gateway.networking.k8s.io/v1",
                "ListenerSet",
                spec={"listeners": [{"name": "https", "protocol": "HTTP", "port": 8080}]},
            ),
            "",
        ),
        "plain listener of an experimental set": Bad(
            thing(
                "gateway.networking.x-k8s.io/v1alpha1",
                "XListenerSet",
                spec={"listeners": [{"name": "https", "protocol": "HTTP", "port": 8080}]},
            ),
            "",
        ),
        "plain route": Bad(
            thing(
                "gateway.networking.k8s.io/v1",
                "TCPRoute",
                spec={"parentRefs": [{"name": "public", "sectionName": "database"}], "rules": []},
            ),
            "",
        ),
        "hidden": Bad(hide(INGRESS, "spec.tls"), ""),
    },
    edge={
        "route of a TLS listener": thing(
            "gateway.networking.k8s.io/v1alpha2",
            "TCPRoute",
            spec={"parentRefs": [{"name": "public", "sectionName": "tls"}], "rules": []},
        ),
        "system namespace": thing("networking.k8s.io/v1", "Ingress", namespace="kube-system", spec={"rules": []}),
        "privileged namespace of the team": judged_by(
            POLICY,
            thing("networking.k8s.io/v1", "Ingress", namespace="agents", spec={"rules": [{"host": "a"}]}),
            privileged_namespaces=["agents"],
        ),
    },
)
