"""Policies over services, routes, roles, bindings, network policies and the rest, by a table."""

import copy
from dataclasses import replace

import pytest

from hardened_eks.baseline import Namespace, Settings, manifests
from hardened_eks.baseline.levels import LEVEL, VERSION, labels
from tests.baseline.admission import Cluster, Request
from tests.baseline.object_cases import KINDS, SUBRESOURCES, TABLE, binding
from tests.baseline.test_pods import SETTINGS, cluster

PAIRS = [(policy, kind) for policy, kind, _, _ in TABLE]


def table(kind_of_object):
    return next((policy, bad, good) for policy, kind, bad, good in TABLE if kind == kind_of_object)


def versions(kind: str):
    custom = {"HTTPRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "Gateway", "ListenerSet", "XListenerSet", "ApplicationNetworkPolicy",
              "ClusterNetworkPolicy"}  # fmt: skip
    return ("v1", "v1beta1") if kind in custom else ("v1",)


def asked(kind_of_object: str, item, **changes):
    """Yield a request for each kind, operation and version, and for subresources that take the whole object."""
    for kind, resource, group, namespace in KINDS[kind_of_object]:
        for version in versions(kind):
            base = Request(kind=kind, resource=resource, group=group, namespace=namespace, version=version, object=item)
            yield replace(base, **changes)
            yield replace(base, operation="UPDATE", old={"metadata": {}}, **changes)
    for kind, resource, group in SUBRESOURCES.get(kind_of_object, ()):
        yield Request(kind=kind, resource=resource, group=group, operation="UPDATE", object=item, old={}, **changes)


@pytest.mark.parametrize(("policy", "kind"), PAIRS)
def test_bad_objects_are_refused(policy: str, kind: str) -> None:
    for name, item in table(kind)[1].items():
        for request in asked(kind, item):
            verdict = cluster().judge(policy, request)
            assert verdict.denied, (name, request)
            assert not verdict.error, (name, verdict.error)


@pytest.mark.parametrize(("policy", "kind"), PAIRS)
def test_good_objects_are_admitted(policy: str, kind: str) -> None:
    for name, item in table(kind)[2].items():
        for request in asked(kind, item):
            verdict = cluster().judge(policy, request)
            assert not verdict.denied, (name, request, verdict)
            assert not verdict.error, (name, verdict.error)


@pytest.mark.parametrize(("policy", "kind"), PAIRS)
def test_exemptions_go_by_the_names_of_namespaces_and_users(policy: str, kind: str) -> None:
    item = next(iter(table(kind)[1].values()))
    for request in asked(kind, item):
        judge = cluster().judge
        for user in SETTINGS.exempt_users:
            assert not judge(policy, replace(request, user=user)).denied, (request, user)
        for user in ("eks:", "eks:support-engineer", "system:apiserver2", "system:serviceaccount:x:y", ""):
            assert judge(policy, replace(request, user=user)).denied, (request, user)
        for group in ("platform-2", "system:masters", "break-glass"):
            assert judge(policy, replace(request, groups=(group,))).denied, (request, group)
        admin = judge(policy, replace(request, groups=("x", "platform"))).denied
        assert admin == (policy not in {"rbac", "endpoint-slices"}), request
        delivery = judge(policy, replace(request, groups=("hardened-eks:delivery", "system:authenticated"))).denied
        assert delivery == (policy != "rbac"), request
        for group in ("hardened-eks", "hardened-eks:delivery-2", "x:hardened-eks:delivery"):
            assert judge(policy, replace(request, groups=(group,))).denied, (request, group)
        if request.namespace is None:
            continue
        for space in (*SETTINGS.system_namespaces, "agents"):
            assert not judge(policy, replace(request, namespace=space)).denied, (request, space)
        for space in ("kube-system-2", "agent"):
            assert judge(policy, replace(request, namespace=space)).denied, (request, space)


def test_controllers_write_endpoints() -> None:
    for request in asked("endpoints", {"metadata": {"name": "api"}}):
        for user, denied in {
            "system:serviceaccount:kube-system:endpointslice-controller": False,
            "system:kube-controller-manager": False,
            "system:serviceaccount:payments:endpointslice-controller": True,
            "system:serviceaccount:kube-system-2:x": True,
            "x:system:serviceaccount:kube-system:endpointslice-controller": True,
            "system:kube-controller-manager2": True,
        }.items():
            assert cluster().judge("endpoint-slices", replace(request, user=user)).denied == denied, user


def test_the_api_server_is_exempt_whatever_the_settings_say() -> None:
    """A list of other users replaces the default; then nobody could write the endpoints of the API itself."""
    judge = Cluster(Settings(exempt_users=["eks:other"])).judge
    rules = {"rules": [{"verbs": ["*"]}], "metadata": {"name": "admin"}}
    roles = Request(kind="ClusterRole", resource="clusterroles", group="rbac.authorization.k8s.io", namespace=None,
                    operation="UPDATE", object=rules, old=rules)  # fmt: skip
    endpoints = next(iter(asked("endpoints", {"metadata": {"name": "kubernetes"}}, namespace="default")))
    for policy, request in (("endpoint-slices", endpoints), ("rbac", roles)):
        for user, denied in {
            "system:apiserver": False,
            "system:serviceaccount:kube-system:clusterrole-aggregation-controller": False,
            "eks:other": False,
            "eks:addon-manager": True,
        }.items():
            assert judge(policy, replace(request, user=user)).denied == denied, (policy, user)


CLEANER = "system:serviceaccount:kube-system:legacy-service-account-token-cleaner"


@pytest.mark.parametrize("kind", ["service", "ingress", "network", "volume"])
def test_controllers_may_remove_finalizers_of_what_does_not_change(kind: str) -> None:
    policy, bad, _ = table(kind)
    item = next(item for item in bad.values() if item.get("spec"))
    old = {**copy.deepcopy(item), "metadata": {**item.get("metadata", {}), "finalizers": ["x"]}}
    leaving = {**old, "metadata": {"deletionTimestamp": "2026-11-01T00:00:00Z"}}
    changed = {**item, "spec": {**item["spec"], "x": 1}}
    for request in asked(kind, item):
        if request.operation == "UPDATE":
            judge = cluster().judge
            assert not judge(policy, replace(request, old=old, user="system:kube-controller-manager")).denied
            assert judge(policy, replace(request, old={"spec": item["spec"]})).denied
            assert judge(policy, replace(request, old=old)).denied
            assert not judge(policy, replace(request, old=old, user=CLEANER)).denied
            assert judge(policy, replace(request, old=old, user=f"x:{CLEANER}")).denied
            assert not judge(policy, replace(request, old=leaving)).denied
            assert judge(policy, replace(request, old=old, user=CLEANER, object=changed)).denied


def test_controllers_keep_house_of_old_tokens() -> None:
    """The cleaner labels and removes tokens that nobody uses: it must not be refused. A new token is refused to all."""
    token = {"metadata": {"name": "t"}, "type": "kubernetes.io/service-account-token"}
    judge = cluster().judge
    for user, denied in {CLEANER: False, "system:kube-controller-manager": False, "system:kube-controller-manager2": True,
                         "system:serviceaccount:payments:x": True, f"x:{CLEANER}": True, "alice": True}.items():  # fmt: skip
        update = Request(resource="secrets", kind="Secret", operation="UPDATE", object=token, old=token, user=user)
        assert judge("automount-token", update).denied == denied, user
        for old in ({**token, "type": "Opaque"}, {"metadata": {"name": "t"}}, {}):
            assert judge("automount-token", replace(update, old=old)).denied, (user, old)
        assert judge("automount-token", replace(update, operation="CREATE", old=None)).denied, user
        for old in ({}, token):
            sparse = judge("automount-token", replace(update, object={}, old=old))
            assert not sparse.denied
            assert not sparse.error
        for user_info in (None, {"uid": "1"}):
            unknown = judge("automount-token", replace(update, user_info=user_info))
            assert unknown.denied
            assert not unknown.error


@pytest.mark.parametrize("name", ["admin", "edit", "system:aggregate-to-admin", "system:aggregate-to-edit"])
def test_roles_that_impersonate_service_accounts_are_not_given_in_every_namespace(name: str) -> None:
    for kind, denied in {"ClusterRoleBinding": True, "RoleBinding": False}.items():
        request = Request(resource=f"{kind.lower()}s", kind=kind, group="rbac.authorization.k8s.io",
                          object=binding(name))  # fmt: skip
        assert cluster().judge("rbac", request).denied == denied, kind
        assert not cluster().judge("rbac", replace(request, object=binding(f"{name}-2"))).denied, kind


SPARSE = [
    {},
    {"metadata": None},
    {"spec": None},
    {"spec": {}},
    {"metadata": None, "spec": {}},
    {"metadata": {}, "spec": {}},
    {"spec": {"x": 1}},
]


@pytest.mark.parametrize(("policy", "kind"), PAIRS)
def test_no_expression_fails_on_a_sparse_object(policy: str, kind: str) -> None:
    for request in asked(kind, {}):
        for item in SPARSE:
            for old in (None, *SPARSE):
                asking = replace(request, object=item, old=old)
                for user in (
                    {},
                    {"uid": "1"},
                    None,
                    {"username": "system:kube-controller-manager"},
                    {"username": CLEANER},
                ):
                    assert not cluster().judge(policy, replace(asking, user_info=user)).error, (asking, user)
        assert not cluster().judge(policy, replace(request, namespace=None)).error


EXEC = [
    Request(resource="pods/exec", operation="CONNECT", kind="PodExecOptions", object={"command": ["sh"]}),
    Request(resource="pods/attach", operation="CONNECT", kind="PodAttachOptions", object={"stdin": True}),
    Request(resource="nodes/proxy", operation="CONNECT", kind="NodeProxyOptions", namespace=None, object={}),
    Request(resource="pods/ephemeralcontainers", operation="UPDATE", object={"spec": {}}, old={"spec": {}}),
]


@pytest.mark.parametrize("request_", EXEC, ids=lambda r: r.resource)
def test_only_the_break_glass_group_gets_a_shell_anywhere(request_: Request) -> None:
    for space in ("payments", "kube-system", "agents", "default", None):
        for group, denied in {"break-glass": False, "on-call": False, "break-glass-2": True, "platform": True,
                              "system:masters": True, "": True}.items():  # fmt: skip
            asking = replace(request_, namespace=space, groups=("system:authenticated", group))
            assert cluster().judge("exec", asking).denied == denied, (space, group)
        for user in ("system:apiserver", "eks:addon-manager", "break-glass"):
            assert cluster().judge("exec", replace(request_, namespace=space, user=user)).denied, user


@pytest.mark.parametrize("request_", EXEC, ids=lambda r: r.resource)
def test_several_groups_may_open_a_shell(request_: Request) -> None:
    both = Cluster(Settings(exec_group=("break-glass", "on-call")))
    for group, denied in {"break-glass": False, "on-call": False, "": True, "on": True, "developers": True}.items():
        verdict = both.judge("exec", replace(request_, groups=(group,)))
        assert (verdict.denied, verdict.error) == (denied, "")


def test_a_request_that_says_little_of_its_user_is_refused_not_an_error() -> None:
    for user_info in (None, {"uid": "1"}, {"username": "x"}, {"groups": []}):
        for request in [*EXEC, *(r for kind in KINDS for r in asked(kind, next(iter(table(kind)[1].values()))))]:
            policies = (
                ["exec"] if request in EXEC else [p for p, kind, bad, _ in TABLE if request.object in bad.values()]
            )
            for policy in policies:
                verdict = cluster().judge(policy, replace(request, user_info=user_info))
                assert verdict.denied, (policy, request)
                assert not verdict.error, (policy, verdict)


TRUSTED = ("agents", "karpenter", "kube-node-lease", "kube-public", "kube-system", "metrics-server")
OF_ADDONS = [{"kind": "ServiceAccount", "name": "x", "namespace": space} for space in TRUSTED]
PEOPLE = {"kind": "Group", "name": "developers"}


@pytest.mark.parametrize(
    ("subjects", "denied"),
    [(OF_ADDONS, False), ([], False), ([*OF_ADDONS, PEOPLE], True), ([PEOPLE], True), ([{"name": "x"}], True),
     ([{"kind": "ServiceAccount", "name": "x", "namespace": "payments"}], True),
     ([{"kind": "ServiceAccount", "name": "x"}], True), ([{"kind": "User", "name": "x", "namespace": "agents"}], True),
     ([{"name": "x", "namespace": "agents"}], True)],
)  # fmt: skip
def test_exceptions_are_not_handed_on(subjects, denied: bool) -> None:
    """Who may bind cannot give away the wildcards of an add-on."""
    judge = cluster().judge
    for kind, resource in (("ClusterRoleBinding", "clusterrolebindings"), ("RoleBinding", "rolebindings")):
        given = {"metadata": {"name": "b"}, "roleRef": {"kind": "ClusterRole", "name": "mine"}, "subjects": subjects}
        request = Request(resource=resource, kind=kind, group="rbac.authorization.k8s.io", object=given)
        verdict = judge("rbac", request)
        assert verdict.denied == (denied and kind == "ClusterRoleBinding"), (kind, verdict)
        assert not verdict.error
        own = {**given, "metadata": {"name": "mine"}}
        assert not judge("rbac", replace(request, object=own)).denied
        other = {**given, "roleRef": {"kind": "ClusterRole", "name": "mine-2"}}
        assert not judge("rbac", replace(request, object=other)).denied


def namespace(level=None, name="payments", version="v1.34", **metadata):
    found = {}
    if level is not None:
        found[LEVEL] = level
    if version is not None:
        found[VERSION] = version
    return {"metadata": {"name": name, "labels": found, **metadata}}


def with_devices(value, level="restricted", name="payments"):
    found = namespace(level, name)
    found["metadata"]["labels"]["resource.kubernetes.io/admin-access"] = value
    return found


NAMED = replace(
    SETTINGS, namespaces=[Namespace(name="legacy", level="baseline"), Namespace(name="edge", level="privileged")]
)
NAMESPACES = {
    "restricted": (namespace("restricted"), None, False),
    "baseline": (namespace("baseline"), None, False),
    "privileged": (namespace("privileged"), None, True),
    "privileged by name": (namespace("privileged", "agents"), None, False),
    "privileged by name, not pinned": (namespace("privileged", "agents", None), None, False),
    "privileged as declared": (namespace("privileged", "edge"), None, False),
    "privileged by a look-alike": (namespace("privileged", "agents-2"), None, True),
    "unlabelled by name": (namespace(None, "agents"), None, True),
    "no level": (namespace(), None, True),
    "empty level": (namespace(""), None, True),
    "level in capitals": (namespace("Restricted"), None, True),
    "no labels": ({"metadata": {"name": "x"}}, None, True),
    "null labels": ({"metadata": {"name": "x", "labels": None}}, None, True),
    "not pinned": (namespace("restricted", version=None), None, True),
    "latest": (namespace("restricted", version="latest"), None, True),
    "old version": (namespace("restricted", version="v1.10"), None, True),
    "later version": (namespace("restricted", version="v1.36"), None, True),
    "removed": (namespace(), namespace("restricted"), True),
    "lowered": (namespace("baseline"), namespace("restricted"), True),
    "lowered as declared": (namespace("baseline", "legacy"), namespace("restricted", "legacy"), False),
    "raised": (namespace("restricted"), namespace("baseline"), False),
    "left restricted": (namespace("restricted"), namespace("restricted"), False),
    "left": (namespace("baseline"), namespace("baseline"), False),
    "labelled at last": (namespace("baseline"), {"metadata": {"name": "payments"}}, False),
    "labelled at last, null": (namespace("baseline"), {"metadata": {"name": "payments", "labels": None}}, False),
    "of no metadata": (namespace("baseline"), {}, False),
    "being deleted": (namespace(), namespace(deletionTimestamp="2026-11-01T00:00:00Z"), False),
    "said to be deleted": (namespace(deletionTimestamp="2026-11-01T00:00:00Z"), namespace("restricted"), True),
    **{f"system {name}": (namespace(None, name), None, False) for name in SETTINGS.system_namespaces},
    "devices of others": (with_devices("true"), None, True),
    "devices of others, beside an old label": (with_devices("true"), with_devices("false"), True),
    "devices of others by name": (with_devices("true", "privileged", "agents"), None, False),
    "devices of others as declared": (with_devices("true", "privileged", "edge"), None, False),
    "its own devices": (with_devices("false"), None, False),
    "its own devices, in capitals": (with_devices("True"), None, False),
    "left by nobody": (namespace(), {"metadata": None}, True),
    "default": (namespace(None, "default"), None, False),
    "look-alike of the system": (namespace(None, "kube-system-2"), None, True),
}


@pytest.mark.parametrize("case", NAMESPACES)
def test_namespaces_carry_their_labels(case: str) -> None:
    item, old, denied = NAMESPACES[case]
    judge = Cluster(NAMED).judge
    for space in (None, item["metadata"]["name"], "kube-system"):
        requests = [Request(resource="namespaces", kind="Namespace", namespace=space, object=item, old=old,
                            operation="UPDATE" if old is not None else "CREATE")]  # fmt: skip
        if old is None:
            requests.append(replace(requests[0], operation="UPDATE", old=item if denied else {"metadata": {}}))
        requests += [replace(requests[-1], resource=f"namespaces/{sub}") for sub in ("status", "finalize")]
        for request in requests:
            verdict = judge("namespace-labels", request)
            assert verdict.denied == denied, request
            assert not verdict.error
            for user in SETTINGS.exempt_users if request.operation == "CREATE" else ("system:apiserver",):
                assert not judge("namespace-labels", replace(request, user=user)).denied
            for user_info in (None, {"uid": "1"}):
                verdict = judge("namespace-labels", replace(request, user_info=user_info))
                assert verdict.denied == denied
                assert not verdict.error
            assert judge("namespace-labels", replace(request, user="system:x")).denied == denied


def test_rendered_objects_pass_the_policies() -> None:
    """Our own namespaces, roles, bindings and network policies are good; a delivery does not refuse itself."""
    everything = [
        "same-namespace",
        {"to": {"cidr": "0.0.0.0/0"}, "ports": [443]},
        {"to": {"cidr": "::/0"}, "ports": [80]},
    ]
    settings = replace(
        SETTINGS,
        namespaces=[Namespace(name="a", allow=everything, pod_identity=True), Namespace(name="b", level="baseline")],
        node_local_dns=True,
        config_rules=True,
        dns_addresses=["172.20.0.10", "fd00::a"],
        addons=["cloudwatch-observability", "argo-cd"],
    )
    objects = manifests(settings)
    server = Cluster(settings)
    resources = {"Namespace": "namespaces", "Role": "roles", "RoleBinding": "rolebindings",
                 "ClusterRole": "clusterroles", "ClusterRoleBinding": "clusterrolebindings",
                 "NetworkPolicy": "networkpolicies", "ConfigMap": "configmaps"}  # fmt: skip
    judged = 0
    for item in objects:
        group, _, _ = item["apiVersion"].rpartition("/")
        request = Request(resource=resources.get(item["kind"], "x"), kind=item["kind"], group=group, object=item,
                          namespace=item["metadata"].get("namespace"))  # fmt: skip
        for policy in server.policies:
            verdict = server.judge(policy.removeprefix("hardened-eks-"), request)
            assert not verdict.denied, (policy, item["metadata"], verdict)
            judged += verdict.messages == ()
    assert judged


def test_exceptions_of_add_ons_go_by_name_and_kind() -> None:
    server = Cluster(Settings(addons=["argo-cd"], rbac_exceptions=["mine"]))
    wild = {"rules": [{"verbs": ["*"], "resources": ["*"], "apiGroups": ["*"]}]}
    for name, kind, denied in (("argocd-server", "ClusterRole", False), ("mine", "ClusterRole", False),
                               ("mine", "ClusterRoleBinding", False), ("mine", "Role", True),
                               ("argocd-server-2", "ClusterRole", True)):  # fmt: skip
        item = {**wild, "metadata": {"name": name}}
        request = Request(resource=f"{kind.lower()}s", kind=kind, group="rbac.authorization.k8s.io", object=item)
        assert server.judge("rbac", request).denied == denied, (name, kind)
    wild["metadata"] = {"name": "mine"}
    own = Request(resource="clusterroles", kind="ClusterRole", group="rbac.authorization.k8s.io", object=wild)
    assert not cluster().judge("rbac", own).denied


def test_the_names_of_add_ons_exempt_no_binding() -> None:
    """A chart names a role and its binding alike: the name must not let a binding give away the cluster."""
    server = Cluster(Settings(addons=["argo-cd"], rbac_exceptions=["mine"]))
    people = [{"kind": "Group", "name": "developers"}]
    for name, role, subjects, denied in (
        ("argocd-server", "cluster-admin", people, True),
        ("argocd-server", "argocd-server", people, True),
        ("argocd-server", "argocd-server", [{"kind": "ServiceAccount", "name": "s", "namespace": "argocd"}], False),
        ("mine", "cluster-admin", people, False),
    ):
        item = {"metadata": {"name": name}, "roleRef": {"kind": "ClusterRole", "name": role}, "subjects": subjects}
        request = Request(resource="clusterrolebindings", kind="ClusterRoleBinding", group="rbac.authorization.k8s.io",
                          object=item)  # fmt: skip
        assert server.judge("rbac", request).denied == denied, (name, role)


def test_roles_that_are_being_deleted_can_lose_their_finalizers() -> None:
    item = {"metadata": {"name": "x"}, "rules": [{"verbs": ["*"]}]}
    leaving = {"metadata": {"deletionTimestamp": "2026-11-01T00:00:00Z"}}
    request = Request(resource="roles", kind="Role", group="rbac.authorization.k8s.io", operation="UPDATE",
                      object=item, old=leaving)  # fmt: skip
    assert not cluster().judge("rbac", request).denied
    for other in ({"metadata": {}}, {}, None):
        assert cluster().judge("rbac", replace(request, old=other)).denied


def test_labels_of_levels() -> None:
    assert labels("baseline")[LEVEL] == "baseline"
    assert labels("restricted")[VERSION] == "v1.34"
