import json

from hardened_eks.controls.control_plane import entries_scoped
from tests.controls.access.base import either
from tests.controls.access.base import ROLE, TRUST, admits, document
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template
from tests.controls.control_plane.roles import ENTRY, POLICY, ROLES, arn

SCOPE = "AccessPolicies.0.AccessScope"
EVERYWHERE = {"Type": "cluster"}


def scope(*namespaces):
    return change(ENTRY, SCOPE, {"Type": "namespace", "Namespaces": list(namespaces)})


def policy(name, where=None):
    return both(
        change(ENTRY, "AccessPolicies.0.PolicyArn", f"{POLICY}{name}"), change(ENTRY, SCOPE, where or EVERYWHERE)
    )


def delivery(trust, *groups, principal=None):
    """The entry of the handler that applies the in-cluster baseline, with a role of a trust policy."""
    return template(
        {
            "Handler": (ROLE, {TRUST: trust}),
            "Entry": (
                ENTRY,
                {
                    "ClusterName": "one",
                    "PrincipalArn": principal or arn("Handler"),
                    "KubernetesGroups": list(groups) or ["hardened-eks:delivery"],
                },
            ),
        }
    )


def by(*principals):
    return document(*(admits(one, "sts:AssumeRole") for one in principals))


def in_group(*objects, group="ops", clusters=1):
    """An entry in a group, beside a manifest that a stack applies."""
    return template(
        {
            **{f"Cluster{number}": ("AWS::EKS::Cluster", {"Name": f"c{number}"}) for number in range(clusters)},
            "Entry": (
                ENTRY, {"ClusterName": "c0", "PrincipalArn": "arn:aws:iam::111122223333:role/ops",
                        "KubernetesGroups": [group]}
            ),
            "Objects": ("Custom::AWSCDK-EKS-KubernetesResource", {"ClusterName": "c0", "Manifest": json.dumps(objects)}),
        }
    )  # fmt: skip


def rbac(kind, name, namespace="shop", **fields):
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": metadata, **fields}


def binding(kind="RoleBinding", to="Role", role="ops", namespace="shop", subject="Group", group="ops"):
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": to, "name": role}
    return rbac(kind, "b", namespace, roleRef=ref, subjects=[{"kind": subject, "name": group}])


ROLE_OF_SHOP = rbac("Role", "ops", rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}])


LAMBDA = {"Service": "lambda.amazonaws.com"}
ANYBODY = {"AWS": "arn:aws:iam::111122223333:root"}

CASE = Case(
    entries_scoped,
    ROLES,
    bad={
        **at(
            SCOPE,
            {
                "administers everywhere": policy("AmazonEKSAdminPolicy"),
                "edits everywhere": policy("AmazonEKSEditPolicy"),
                "reads all secrets": policy("AmazonEKSAdminViewPolicy"),
                "reads secrets alone": policy("AmazonEKSSecretReaderPolicy"),
                "everywhere, in capitals": policy("AmazonEKSEditPolicy", {"Type": "CLUSTER"}),
                "administers kube-system": policy(
                    "AmazonEKSAdminPolicy", {"Type": "namespace", "Namespaces": ["kube-system"]}
                ),
                "kube-system among others": scope("payments", "kube-system"),
                "a star": scope("*"),
                "a pattern that takes it in": scope("kube-*"),
                "no namespace": scope(),
                "scope left out": drop(ENTRY, SCOPE),
                "type hidden": hide(ENTRY, f"{SCOPE}.Type"),
                "namespace hidden": hide(ENTRY, f"{SCOPE}.Namespaces.0"),
                "everywhere on a condition": change(ENTRY, f"{SCOPE}.Type", either("cluster", "namespace")),
            },
        ),
        "a second policy": Bad(
            change(
                ENTRY,
                "AccessPolicies",
                [{"PolicyArn": f"{POLICY}AmazonEKSViewPolicy", "AccessScope": EVERYWHERE},
                 {"PolicyArn": f"{POLICY}AmazonEKSAdminPolicy", "AccessScope": EVERYWHERE}],
            ),
            "AccessPolicies.1.AccessScope",
        ),
        **at(
            "KubernetesGroups.0",
            {
                "a group that only a user of that name is bound as": in_group(ROLE_OF_SHOP, binding(subject="User")),
                "another group is bound": in_group(ROLE_OF_SHOP, binding(group="dev")),
                "a group with rights everywhere": in_group(ROLE_OF_SHOP, binding("ClusterRoleBinding", namespace="")),
                "a group with rights there and everywhere": in_group(
                    ROLE_OF_SHOP, binding(), binding("ClusterRoleBinding", "ClusterRole", "view", "")
                ),
                "a group with rights in kube-system": in_group(
                    rbac("Role", "ops", "kube-system"), binding(namespace="kube-system")
                ),
                "a group bound to a role that is not shown": in_group(binding()),
                "a group bound to the role of another namespace": in_group(
                    rbac("Role", "ops", "other"), binding(namespace="shop")
                ),
                "a group bound to a cluster role that is not shown": in_group(binding(to="ClusterRole", role="ops")),
                "a group bound to the role of administrators": in_group(binding(to="ClusterRole", role="cluster-admin")),
                "a group of one of two clusters": in_group(ROLE_OF_SHOP, binding(), clusters=2),
            },
        ),
        "a group": Bad(change(ENTRY, "KubernetesGroups", ["ops"]), "KubernetesGroups.0"),
        "the group of the delivery, for people": Bad(delivery(by(ANYBODY)), "KubernetesGroups.0"),
        "the group of the delivery, for people too": Bad(delivery(by(LAMBDA, ANYBODY)), "KubernetesGroups.0"),
        "the group of the delivery, for another service": Bad(
            delivery(by({"Service": "ec2.amazonaws.com"})), "KubernetesGroups.0"
        ),
        "the group of the delivery, trust hidden": Bad(
            delivery({"Ref": "Later"}), "KubernetesGroups.0"
        ),
        "the group of the delivery, role not seen": Bad(
            delivery(by(LAMBDA), principal="arn:aws:iam::111122223333:role/other"), "KubernetesGroups.0"
        ),
        "another group beside it": Bad(delivery(by(LAMBDA), "hardened-eks:delivery", "ops"), "KubernetesGroups.1"),
        "a group that begins as that of the Config rules": Bad(
            change(ENTRY, "KubernetesGroups", ["hardened-eks:config-rules", "hardened-eks:config-rules-2"]),
            "KubernetesGroups.1",
        ),
        "groups hidden": Bad(hide(ENTRY, "KubernetesGroups"), "KubernetesGroups"),
    },
    edge={
        "the group of the Config rules": change(ENTRY, "KubernetesGroups", ["hardened-eks:config-rules"]),
        "views everywhere": policy("AmazonEKSViewPolicy"),
        "views kube-system": policy("AmazonEKSViewPolicy", {"Type": "namespace", "Namespaces": ["kube-system"]}),
        "a pattern of the team": scope("payments-*"),
        "another system's": scope("kube-systems"),
        "the administrator, who is CP-14's": policy("AmazonEKSClusterAdminPolicy"),
        "no policies": drop(ENTRY, "AccessPolicies"),
        "the handler of the in-cluster baseline": delivery(by(LAMBDA)),
        "a group with a role in one namespace": in_group(ROLE_OF_SHOP, binding()),
        "a group with a role of Kubernetes in one namespace": in_group(binding(to="ClusterRole", role="edit")),
        "a group with a cluster role in one namespace": in_group(
            rbac("ClusterRole", "ops", ""), binding(to="ClusterRole")
        ),
        "a group of a cluster that is not in the templates": in_group(ROLE_OF_SHOP, binding(), clusters=0),
        "no groups": change(ENTRY, "KubernetesGroups", []),
        "malformed": change(ENTRY, "AccessPolicies", [5, {"PolicyArn": 5}, {"AccessScope": 5}]),
    },
)  # fmt: skip
