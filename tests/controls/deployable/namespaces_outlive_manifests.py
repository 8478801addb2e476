import json

from hardened_eks.controls.deployable import namespaces_outlive_manifests
from tests.controls.cases import Bad, Case, change, drop, hide

MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "payments"}}
CRD = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "a.b"}}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "payments"}}


def manifest(*objects, **more):
    resource = {"Type": MANIFEST, "Properties": {"ClusterName": "one", "Manifest": json.dumps(list(objects))}, **more}
    return {"Resources": {"Objects": resource}}


KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

CASE = Case(
    namespaces_outlive_manifests,
    manifest(NAMESPACE, CONFIG, **KEPT),
    bad={
        "nothing said": Bad(manifest(CONFIG, NAMESPACE), "DeletionPolicy", "UpdateReplacePolicy"),
        "deleted": Bad(manifest(NAMESPACE, **{**KEPT, "DeletionPolicy": "Delete"}), "DeletionPolicy"),
        "lost when it is replaced": Bad(
            manifest(NAMESPACE, **{**KEPT, "UpdateReplacePolicy": "Delete"}), "UpdateReplacePolicy"
        ),
        "a definition": Bad(manifest(CRD), "DeletionPolicy", "UpdateReplacePolicy"),
        "in a list": Bad(
            manifest({"apiVersion": "v1", "kind": "List", "items": [NAMESPACE]}),
            "DeletionPolicy",
            "UpdateReplacePolicy",
        ),
        "pruned": Bad(change(MANIFEST, "PruneLabel", "aws.cdk.eks/prune-c8"), "PruneLabel"),
        "label hidden": Bad(hide(MANIFEST, "PruneLabel"), "PruneLabel"),
    },
    edge={
        "kept but for a failed creation": manifest(NAMESPACE, **{**KEPT, "DeletionPolicy": "RetainExceptOnCreate"}),
        "other objects": manifest(CONFIG),
        "text known at deployment": hide(MANIFEST, "Manifest"),
        "no text": drop(MANIFEST, "Manifest"),
    },
)
