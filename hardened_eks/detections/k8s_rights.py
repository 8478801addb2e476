"""Detections on rights in the cluster: roles and bindings."""

from hardened_eks.detections import clauses as c
from hardened_eks.detections.model import Detection, MetricFilter, Severity, Source

_AUDIT = Source.AUDIT_LOG
_BINDINGS = c.one_of("objectRef.resource", "clusterrolebindings", "rolebindings")
_ROLES = c.one_of("objectRef.resource", "clusterroles", "roles")
_RBAC = c.one_of("objectRef.resource", "clusterroles", "roles", "clusterrolebindings", "rolebindings")
_CONTROL_PLANE = ("system:serviceaccount:kube-system:*", "system:kube-controller-manager", "eks:*")
_UNBIND = (
    "Delete it unless somebody confirms that it was intended: `kubectl delete clusterrolebinding NAME` (or "
    "rolebinding, with -n)."
)
_DONE_SINCE = "Check what the subjects of the binding have done since then: filter the audit log by user.username."


def _refers(name: str) -> str:
    """Clause: the role of the binding is `name`, in the request or after a patch."""
    return c.any_of(f'$.requestObject.roleRef.name = "{name}"', f'$.responseObject.roleRef.name = "{name}"')


def _everybody(place: str, index: int) -> str:
    """Clause: a subject of the binding is system:anonymous, system:unauthenticated or system:authenticated."""
    name = f"{place}.subjects[{index}].name"
    return f'$.{name} = "system:anonymous" || $.{name} = "*authenticated"'


K8S_RIGHTS = (
    Detection(
        id="k8s-cluster-admin-bound",
        title="A subject was bound to cluster-admin",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "cluster-admin allows reading every secret and running any workload on any node, and the binding remains "
            "after the session ends."
        ),
        first=(
            c.records("objectRef.resource like /rolebindings/ and @message like '\"cluster-admin\"'"),
            _UNBIND,
            _DONE_SINCE,
            c.UNDO_ENTRY,
        ),
        expressions=(c.audit(_BINDINGS, c.SETS, c.ALLOWED, _refers("cluster-admin"), c.OURS),),
        false_positives="Charts that bind cluster-admin; the API server's own binding at startup is excluded.",
        technique="T1098.006",
        anchors=("panther", "falco", "elastic", "sigma", "stratus", "guardduty"),
        requirements=(*c.SURGE, "k8s.rbac.cluster_admin"),
    ),
    Detection(
        id="k8s-anonymous-bound",
        title="Rights were granted to anonymous or to all users",
        severity=Severity.CRITICAL,
        default=True,
        why="From now on, requests without credentials, or with any credentials, have these rights.",
        first=(
            c.records(
                "objectRef.resource like /rolebindings/ and @message like /system:(anonymous|(un)?authenticated)/"
            ),
            _UNBIND,
            "Look for anonymous requests that succeeded since then: k8s-anonymous-allowed.",
        ),
        expressions=(
            c.audit(
                _BINDINGS,
                c.SETS,
                '$.user.username != "system:apiserver"',
                c.ALLOWED,
                c.any_of(*(_everybody(p, i) for p in ("requestObject", "responseObject") for i in (0, 1))),
            ),
        ),
        false_positives="None known.",
        technique="T1098.006",
        anchors=("guardduty",),
        requirements=(*c.SURGE, "k8s.rbac.no_anonymous"),
        blind="The third and further subjects of a binding.",
    ),
    Detection(
        id="k8s-controller-role-bound",
        title="A subject was bound to a role of the controller manager",
        severity=Severity.HIGH,
        default=True,
        why=(
            "Roles named system:controller:... can create pods and bindings or read secrets everywhere, and are "
            "less conspicuous than cluster-admin."
        ),
        first=(
            c.records("objectRef.resource like /rolebindings/ and @message like 'system:controller:'"),
            _UNBIND,
            _DONE_SINCE,
            c.UNDO_ENTRY,
        ),
        expressions=(c.audit(_BINDINGS, c.SETS, c.ALLOWED, _refers("system:controller:*"), c.OURS),),
        false_positives="None known; the API server's own bindings at startup are excluded.",
        technique="T1098.006",
        requirements=(*c.SURGE, "k8s.rbac.cluster_admin", "k8s.rbac.escalate_bind_impersonate"),
    ),
    Detection(
        id="k8s-wildcard-role",
        title="A role that allows every verb was written",
        severity=Severity.HIGH,
        default=True,
        why="A wildcard verb includes escalate, bind and impersonate, and verbs that future versions add.",
        first=(
            c.records("objectRef.resource in ['roles', 'clusterroles'] and @message like '\"verbs\":[\"*\"'"),
            "Find out who is bound to it: `kubectl get clusterrolebindings,rolebindings -A -o wide | grep ROLE`.",
            "List the verbs that are needed, or delete the role.",
        ),
        # Terms over the raw line: a selector would need the position of the rule, and "*" is a wildcard to it. What is
        # excluded is named with the brace after it, which no label or annotation of the role can forge.
        expressions=(
            MetricFilter(
                source=_AUDIT,
                pattern=" ".join(
                    (
                        r'"\"apiGroup\":\"rbac.authorization.k8s.io\""',
                        r'"\"verbs\":[\"*\""',
                        r'"\"stage\":\"ResponseComplete\""',
                        r'"\"responseStatus\":{\"metadata\":{},\"code\":2"',
                        *(rf'-"\"user\":{{\"username\":\"{user}"' for user in (r"system:apiserver\"", "eks:")),
                        *(
                            rf'-"\"verb\":\"{verb}\",\"user\":{{"'
                            for verb in ("get", "list", "watch", "delete", "deletecollection")
                        ),
                    )
                ),
            ),
        ),
        false_positives="Charts with wildcard roles, for example Argo CD.",
        technique="T1098.006",
        anchors=("panther", "falco", "elastic"),
        requirements=(*c.SURGE, "k8s.rbac.no_wildcards"),
        blind="A wildcard that is not the first of several verbs.",
    ),
    Detection(
        id="k8s-rbac-changed",
        title="A person changed roles or bindings",
        severity=Severity.MEDIUM,
        default=False,
        digest=True,
        why="Rights should come from reviewed manifests. Auditors ask for a list of changes.",
        first=(
            "Read the digest: each change should belong to a ticket.",
            c.records(
                "objectRef.apiGroup = 'rbac.authorization.k8s.io' and verb in ['create', 'update', 'patch', "
                "'delete', 'deletecollection']"
            ),
        ),
        expressions=(c.audit(_RBAC, c.WRITES, c.DONE, c.PERSON),),
        false_positives="People who use kubectl apply or helm.",
        technique="T1098.006",
        anchors=("panther", "elastic", "sigma", "eks-best-practices"),
        requirements=(*c.SURGE, "eks.auth.review"),
    ),
    Detection(
        id="k8s-rbac-changed-by-workload",
        title="A workload changed roles or bindings",
        severity=Severity.HIGH,
        default=False,
        why="A pod that writes RBAC can make itself an administrator.",
        first=(
            c.records(
                "objectRef.apiGroup = 'rbac.authorization.k8s.io' and user.username like /^system:serviceaccount:/"
            ),
            "Check whether it is an operator that does this by design. " + c.ISOLATE,
            "Delete the roles and bindings that it wrote.",
        ),
        expressions=(
            c.audit(
                _RBAC,
                c.WRITES,
                c.DONE,
                '$.user.username = "system:serviceaccount:*"',
                '$.user.username != "system:serviceaccount:kube-system:*"',
            ),
        ),
        false_positives="Operators and GitOps controllers.",
        technique="T1098.006",
        anchors=("elastic",),
        requirements=(*c.SURGE, "k8s.rbac.escalate_bind_impersonate"),
    ),
    Detection(
        id="k8s-system-role-changed",
        title="A system: role was modified or deleted",
        severity=Severity.HIGH,
        default=False,
        why="The default roles of Kubernetes are already bound: a rule that is added to one takes effect at once.",
        first=(
            c.records("objectRef.resource in ['roles', 'clusterroles'] and objectRef.name like /^system:/"),
            (
                "Restore the role from a new cluster of the same version: `kubectl auth reconcile -f FILE "
                "--remove-extra-permissions`. The API server restores missing rules at startup but does not remove "
                "added ones."
            ),
            c.UNDO_ENTRY,
        ),
        expressions=(
            c.audit(
                _ROLES,
                '$.objectRef.name = "system:*"',
                c.one_of("verb", "update", "patch", "delete"),
                c.ALLOWED,
                c.none_of("user.username", "system:apiserver", *_CONTROL_PLANE),
            ),
        ),
        false_positives="Installers of self-managed CoreDNS and network plugins.",
        technique="T1098.006",
        anchors=("panther", "falco"),
        requirements=(*c.SURGE, "k8s.rbac.cluster_admin"),
    ),
)
