import json

from hardened_eks.baseline import Namespace, Settings, manifests
from hardened_eks.controls.deployable import pod_identity_reached
from tests.controls.cases import Case, at, both, change, template

POD, MANIFEST = "AWS::EKS::PodIdentityAssociation", "Custom::AWSCDK-EKS-KubernetesResource"


def policy(name, namespace="payments", **spec):
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace}, "spec": {"podSelector": {}, **spec},
    }  # fmt: skip


def closed(*objects, namespace="payments"):
    """A pod role in payments, and the network policies of a namespace: closed, and what else there is."""
    deny = policy("default-deny", namespace, policyTypes=["Ingress", "Egress"])
    return written(deny, *objects)


def written(*objects):
    return template(
        {
            "Pod": (POD, {"ClusterName": "one", "Namespace": "payments", "ServiceAccount": "web", "RoleArn": "x"}),
            "Objects": (MANIFEST, {"ClusterName": "one", "Manifest": json.dumps(list(objects))}),
        }
    )


def egress(cidr, *ports, **block):
    rule = {"to": [{"ipBlock": {"cidr": cidr, **block}}]} | ({"ports": list(ports)} if ports else {})
    return policy("allow", policyTypes=["Egress"], egress=[rule])


def rendered(**namespace):
    return written(*manifests(Settings(namespaces=[Namespace(name="payments", **namespace)])))


HTTP = {"port": 80, "protocol": "TCP"}

CASE = Case(
    pod_identity_reached,
    rendered(pod_identity=True),
    bad=at(
        "Namespace",
        {
            "closed": closed(),
            "the baseline without it": rendered(),
            "another address": closed(egress("169.254.169.254/32", HTTP)),
            "another port": closed(egress("169.254.170.23/32", {"port": 443, "protocol": "TCP"})),
            "another protocol": closed(egress("169.254.170.23/32", {"port": 80, "protocol": "UDP"})),
            "left out of a range": closed(egress("169.254.0.0/16", HTTP, **{"except": ["169.254.170.0/24"]})),
            "to pods alone": closed(
                policy("allow", policyTypes=["Egress"], egress=[{"to": [{"podSelector": {}}], "ports": [HTTP]}])
            ),
            "opened to others": closed(
                {**egress("169.254.170.23/32", HTTP), "metadata": {"name": "x", "namespace": "orders"}}
            ),
            "not an address": closed(egress("agent", HTTP)),
            "in another namespace": both(lambda _: closed(namespace="orders"), change(POD, "Namespace", "orders")),
        },
    ),
    edge={
        "open": closed(egress("169.254.170.23/32", HTTP)),
        "a range": closed(egress("0.0.0.0/0")),
        "ports from and to": closed(egress("169.254.170.23/32", {"port": 1, "endPort": 1024})),
        "everything": closed(policy("allow", policyTypes=["Egress"], egress=[{}])),
        "another namespace is closed": closed(namespace="orders"),
        "closed for callers only": written(policy("deny", policyTypes=["Ingress"])),
        "closed for some pods": written(
            {**policy("deny"), "spec": {"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Egress"]}}
        ),
        "no network policies": written(),
    },
)
