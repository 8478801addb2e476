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
        "no groups": change(ENTRY, "KubernetesGroups", []),
        "malformed": change(ENTRY, "AccessPolicies", [5, {"PolicyArn": 5}, {"AccessScope": 5}]),
    },
)  # fmt: skip
