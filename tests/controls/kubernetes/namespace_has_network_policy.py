from hardened_eks.baseline.namespaces import Namespace
from hardened_eks.baseline.rendering import manifests
from hardened_eks.baseline.settings import Settings
from hardened_eks.controls.kubernetes import namespace_has_network_policy
from hardened_eks.evidence.objects import type_of
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import thing

POLICY = "Kubernetes::networking.k8s.io::NetworkPolicy"
SPACE = thing("v1", "Namespace", "payments", "")


def policy(namespace="payments", **spec):
    body = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], **spec}
    item = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", **({"namespace": namespace} if namespace else {})},
        "spec": {key: value for key, value in body.items() if value is not None},
    }
    return {"Type": POLICY, "Properties": item}


def beside(*policies, space=SPACE):
    return {"Resources": {**space["Resources"], **{f"Policy{n}": one for n, one in enumerate(policies)}}}


def rendered():
    """The namespace as `hardened-eks manifests` writes it."""
    objects = manifests(Settings(namespaces=[Namespace(name="payments")]))
    kinds = ("Namespace", "NetworkPolicy")
    return {
        "Resources": {
            f"It{n}": {"Type": type_of(one), "Properties": one} for n, one in enumerate(objects) if one["kind"] in kinds
        }
    }


CASE = Case(
    namespace_has_network_policy,
    beside(policy()),
    bad={
        "none": Bad(SPACE, ""),
        "of another namespace": Bad(beside(policy("shop")), ""),
        "without a namespace": Bad(drop(POLICY, "metadata.namespace"), ""),
        "selects some pods": Bad(change(POLICY, "spec.podSelector", {"matchLabels": {"app": "web"}}), "", ""),
        "selects by expression": Bad(
            change(POLICY, "spec.podSelector", {"matchExpressions": [{"key": "app", "operator": "Exists"}]}), "", ""
        ),
        "ingress alone": Bad(change(POLICY, "spec.policyTypes", ["Ingress"]), ""),
        "egress alone": Bad(change(POLICY, "spec.policyTypes", ["Egress"]), ""),
        "by its rules ingress alone": Bad(drop(POLICY, "spec.policyTypes"), ""),
        "hidden selector": Bad(hide(POLICY, "spec.podSelector"), "", ""),
        "hidden directions": Bad(hide(POLICY, "spec.policyTypes"), "", ""),
        "one of two namespaces": Bad(
            {
                "Resources": {
                    **beside(policy())["Resources"],
                    "Shop": thing("v1", "Namespace", "shop", "")["Resources"]["It"],
                }
            },
            "",
        ),
    },
    edge={
        "system": thing("v1", "Namespace", "kube-system", ""),
        "default": beside(policy(None), space=thing("v1", "Namespace", "default", "")),
        "two policies, one for each direction": beside(policy(policyTypes=["Ingress"]), policy(policyTypes=["Egress"])),
        "an empty list of labels selects all": change(POLICY, "spec.podSelector", {"matchLabels": {}}),
        "left out selector selects all": drop(POLICY, "spec.podSelector"),
        "by its rules both": beside(policy(policyTypes=None, egress=[{"to": [{"podSelector": {}}]}])),
        "rendered by hardened-eks manifests": rendered(),
    },
)
