from hardened_eks.baseline.policies.rbac import POLICY
from hardened_eks.controls.kubernetes import rbac_least_privilege
from tests.controls.cases import Bad, Case, change, hide
from tests.controls.kubernetes.base import (
    judged_by,
    thing,
)

ROLE = "Kubernetes::rbac.authorization.k8s.io::ClusterRole"


def binding(subject, role="view"):
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    return thing(
        "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", namespace="", roleRef=reference, subjects=[subject]
    )


IT = thing(
    "rbac.authorization.k8s.io/v1",
    "ClusterRole",
    "viewer",
    "",
    rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
)

CASE = Case(
    rbac_least_privilege,
    IT,
    bad={
        "wildcard": Bad(change(ROLE, "rules", [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]), ""),
        "impersonation": Bad(
            change(ROLE, "rules", [{"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"]}]), ""
        ),
        "kubelet": Bad(
            change(ROLE, "rules", [{"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]}]), ""
        ),
        "hidden": Bad(hide(ROLE, "rules"), ""),
        "administrators": Bad(binding({"kind": "Group", "name": "ops"}, role="cluster-admin"), ""),
        "everybody": Bad(binding({"kind": "Group", "name": "system:authenticated"}), ""),
    },
    edge={
        "group": binding({"kind": "Group", "name": "developers"}),
        "exception of the team": judged_by(
            POLICY,
            thing(
                "rbac.authorization.k8s.io/v1",
                "ClusterRole",
                "argocd",
                "",
                rules=[{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
            ),
            rbac_exceptions=["argocd"],
        ),
    },
)
