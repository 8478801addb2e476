from hardened_eks.baseline.levels import LEVEL, PINNED, VERSION
from hardened_eks.baseline.policies.namespace_labels import POLICY
from hardened_eks.controls.kubernetes import namespace_level
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.kubernetes.base import (
    judged_by,
    thing,
)

NAMESPACE = "Kubernetes::core::Namespace"

IT = thing("v1", "Namespace", "shop", "", metadata={"labels": {LEVEL: "restricted", VERSION: PINNED}})

CASE = Case(
    namespace_level,
    IT,
    bad={
        "no labels": Bad(drop(NAMESPACE, "metadata.labels"), ""),
        "privileged": Bad(change(NAMESPACE, "metadata.labels", {LEVEL: "privileged", VERSION: PINNED}), ""),
        "latest": Bad(change(NAMESPACE, "metadata.labels", {LEVEL: "restricted"}), ""),
        "hidden": Bad(hide(NAMESPACE, "metadata.labels"), ""),
    },
    edge={
        "baseline": change(NAMESPACE, "metadata.labels", {LEVEL: "baseline", VERSION: PINNED}),
        "system": thing("v1", "Namespace", "kube-system", ""),
        "agents of the team": judged_by(
            POLICY,
            thing("v1", "Namespace", "agents", "", metadata={"labels": {LEVEL: "privileged"}}),
            privileged_namespaces=["agents"],
        ),
    },
)
