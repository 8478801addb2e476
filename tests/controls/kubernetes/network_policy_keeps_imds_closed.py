from hardened_eks.baseline.policies.network_policy import POLICY
from hardened_eks.controls.kubernetes import network_policy_keeps_imds_closed
from tests.controls.cases import Bad, Case, hide
from tests.controls.kubernetes.base import (
    judged_by,
    thing,
)


def egress(block):
    return {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": block}]}]}


def accepting(network, action="Accept"):
    rule = {"name": "r", "action": action, "to": [{"networks": [network]}]}
    return {"tier": "Admin", "priority": 1, "subject": {"namespaces": {}}, "egress": [rule]}


IT = thing("networking.k8s.io/v1", "NetworkPolicy", spec=egress({"cidr": "10.0.0.0/8"}))

CASE = Case(
    network_policy_keeps_imds_closed,
    IT,
    bad={
        "everything": Bad(thing("networking.k8s.io/v1", "NetworkPolicy", spec=egress({"cidr": "0.0.0.0/0"})), ""),
        "link-local": Bad(thing("networking.k8s.io/v1", "NetworkPolicy", spec=egress({"cidr": "169.254.0.0/16"})), ""),
        "IPv6": Bad(thing("networking.k8s.io/v1", "NetworkPolicy", spec=egress({"cidr": "::/0"})), ""),
        "of EKS": Bad(
            thing("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicy", spec=egress({"cidr": "0.0.0.0/0"})), ""
        ),
        "of the whole cluster": Bad(
            thing("networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy", namespace=None, spec=accepting("0.0.0.0/0")),
            "",
        ),
        "hidden": Bad(hide("Kubernetes::networking.k8s.io::NetworkPolicy", "spec.egress"), ""),
    },
    edge={
        "of the whole cluster, denied": thing(
            "networking.k8s.aws/v1alpha1",
            "ClusterNetworkPolicy",
            namespace=None,
            spec=accepting("169.254.169.254/32", "Deny"),
        ),
        "with the exception": thing(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            spec=egress({"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}),
        ),
        "system namespace": thing(
            "networking.k8s.io/v1", "NetworkPolicy", namespace="kube-system", spec=egress({"cidr": "0.0.0.0/0"})
        ),
        "privileged namespace of the team": judged_by(
            POLICY,
            thing("networking.k8s.io/v1", "NetworkPolicy", namespace="agents", spec=egress({"cidr": "0.0.0.0/0"})),
            privileged_namespaces=["agents"],
        ),
    },
)
