from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies._pods import NOT_LEAVING
from hardened_eks.baseline.policies.model import Match, Policy, Validation

_READS: Final = "['get', 'list', 'watch']"
_WRITES: Final = f"r.verbs.exists(v, !(v in {_READS}))"
_BUILT_IN: Final = (
    "^(cluster-admin|system:(certificates[.]k8s[.]io:.+|controller:.+|kube-controller-manager|kubelet-api-admin|node))$"
)
"""Default roles of every cluster that contain permissions the policy refuses: wildcards, approvals, the kubelet."""
_BUILT_IN_EVERYWHERE: Final = ["admin", "edit", "system:aggregate-to-admin", "system:aggregate-to-edit"]
"""Roles that may impersonate the service accounts of their namespace; bound cluster-wide, also those of kube-system."""
_EVERY_DEFAULT: Final = "kubernetes.io/bootstrapping"
"""Label of the default roles of every cluster, including cluster-admin."""


def _listed(field: str) -> str:
    return f"'{field}': has(r.{field}) && r.{field} != null ? r.{field} : []"


_FIELDS: Final = ("apiGroups", "nonResourceURLs", "resourceNames", "resources", "verbs")

POLICY = Policy(
    id="rbac",
    title="No role or binding leads to cluster administration",
    why="Wildcards, impersonation, bind, escalate, nodes/proxy and the approval of certificates are each a way to"
    " administrate the cluster; RBAC itself stops none of them when an administrator slips.",
    matches=(
        Match(
            "rbac.authorization.k8s.io",
            ("roles", "clusterroles", "rolebindings", "clusterrolebindings"),
        ),
    ),
    admins=True,
    delivery=True,
    conditions=(
        (
            "is-not-an-exception",
            (
                "!(has(object.metadata) && object.metadata != null && has(object.metadata.name)"
                " && (request.kind.kind == 'ClusterRole' && object.metadata.name in @rbac_exceptions@"
                " || request.kind.kind == 'ClusterRoleBinding' && object.metadata.name in @rbac_bindings@))"
            ),
        ),
        NOT_LEAVING,
    ),
    variables=(
        (
            "rules",
            (
                "(has(object.rules) && object.rules != null ? object.rules : [])"
                f".map(r, {{{', '.join(map(_listed, _FIELDS))}}})"
            ),
        ),
        ("subjects", "has(object.subjects) && object.subjects != null ? object.subjects : []"),
    ),
    validations=(
        Validation(
            "variables.rules.all(r, !r.verbs.exists(v, v == '*') && !r.apiGroups.exists(g, g == '*')"
            " && !r.resources.exists(s, s.contains('*')) && !r.nonResourceURLs.exists(u, u.matches('^/?[*]+$')))",
            "the role holds a wildcard: name the API groups, resources and verbs",
        ),
        Validation(
            "variables.rules.all(r, !r.verbs.exists(v, v in ['bind', 'escalate']))",
            "the role may bind or escalate, which gives any right: leave roles and bindings to the administrators",
        ),
        Validation(
            "variables.rules.all(r, !r.verbs.exists(v, v.startsWith('impersonate')))",
            "the role may impersonate others: remove the verb",
        ),
        Validation(
            "variables.rules.all(r, !('nodes/proxy' in r.resources))",
            "the role reaches the kubelet (nodes/proxy), which runs commands in any pod: use nodes/metrics",
        ),
        Validation(
            f"variables.rules.all(r, !('certificatesigningrequests/approval' in r.resources && {_WRITES})"
            " && !('signers' in r.resources && 'certificates.k8s.io' in r.apiGroups"
            " && r.verbs.exists(v, v in ['approve', 'attest', 'sign'])"
            " && (r.resourceNames.size() == 0 || r.resourceNames.exists(n, n.startsWith('kubernetes.io/')))))",
            "the role may approve or sign certificates of the cluster, of system:masters too, or attest authorities:"
            " remove it",
        ),
        Validation(
            f"variables.rules.all(r, !('admissionregistration.k8s.io' in r.apiGroups && {_WRITES}))",
            "the role may change admission webhooks or policies, this one too: remove the verbs that write",
        ),
        Validation(
            "!has(object.aggregationRule) || object.aggregationRule == null"
            " || has(object.aggregationRule.clusterRoleSelectors)"
            " && object.aggregationRule.clusterRoleSelectors != null"
            " && object.aggregationRule.clusterRoleSelectors.all(s,"
            " has(s.matchLabels) && s.matchLabels != null"
            f" && s.matchLabels.exists(key, key != '{_EVERY_DEFAULT}')"
            " || has(s.matchExpressions) && s.matchExpressions != null && s.matchExpressions.size() > 0"
            " && s.matchExpressions.all(e, has(e.operator) && e.operator in ['In', 'Exists']"
            f" && has(e.key) && !(e.key in ['', '{_EVERY_DEFAULT}'])))",
            "the role collects the rules of every other role, or of all that come with the cluster: select them by a"
            " label of your own",
        ),
        Validation(
            "!has(object.roleRef) || object.roleRef == null || !has(object.roleRef.kind)"
            " || object.roleRef.kind != 'ClusterRole' || !has(object.roleRef.name)"
            f" || !object.roleRef.name.matches('{_BUILT_IN}')"
            f" && !(request.kind.kind == 'ClusterRoleBinding' && object.roleRef.name in {_BUILT_IN_EVERYWHERE!r})",
            "the binding gives away the administration of the cluster: bind a role with the rights that are needed",
        ),
        Validation(
            "!(request.kind.kind == 'ClusterRoleBinding') || !has(object.roleRef) || object.roleRef == null"
            " || !has(object.roleRef.name) || !(object.roleRef.name in @rbac_exceptions@)"
            " || variables.subjects.all(s, has(s.kind) && s.kind == 'ServiceAccount' && has(s.namespace)"
            " && s.namespace in @trusted_namespaces@)",
            "the role is an exception for its add-on: bind it to service accounts of system and add-on namespaces only",
        ),
        Validation(
            "variables.subjects.all(s, !has(s.name) || !s.name.startsWith('system:') || has(s.kind)"
            " && (s.kind == 'ServiceAccount' || s.kind == 'Group' && s.name.startsWith('system:serviceaccounts:')"
            " || s.kind == 'User' && s.name.startsWith('system:serviceaccount:')))",
            "the binding names a system group or user, such as everybody (system:authenticated) or anonymous: name a"
            " group of people or a service account",
        ),
    ),
)
