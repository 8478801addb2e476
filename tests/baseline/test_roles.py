"""Who may do what in a namespace."""

import pytest

from hardened_eks.baseline import Namespace, Settings, manifests

WHO = ("payments-viewer", "payments-developer", "payments-operator", "orders-operator", "system:authenticated")
QUESTIONS = {
    "get pods": "yyynn",
    "list pods/log": "yyynn",
    "watch deployments.apps": "yyynn",
    "get configmaps": "yyynn",
    "get secrets": "nnynn",
    "list secrets": "nnynn",
    "create secrets": "nnynn",
    "create deployments.apps": "nyynn",
    "update deployments.apps/scale": "nyynn",
    "delete pods": "nyynn",
    "create pods": "nyynn",
    "update pods": "nnnnn",
    "create services": "nyynn",
    "create ingresses.networking.k8s.io": "nyynn",
    "create serviceaccounts": "nnynn",
    "create pods/eviction": "nnynn",
    "create pods/exec": "nnnnn",
    "create pods/attach": "nnnnn",
    "create pods/portforward": "nnnnn",
    "update pods/ephemeralcontainers": "nnnnn",
    "create serviceaccounts/token": "nnnnn",
    "impersonate serviceaccounts": "nnnnn",
    "create networkpolicies.networking.k8s.io": "nnnnn",
    "delete networkpolicies.networking.k8s.io": "nnnnn",
    "update resourcequotas": "nnnnn",
    "update limitranges": "nnnnn",
    "create roles.rbac.authorization.k8s.io": "nnnnn",
    "create rolebindings.rbac.authorization.k8s.io": "nnnnn",
    "bind roles.rbac.authorization.k8s.io": "nnnnn",
    "update endpoints": "nnnnn",
    "update endpointslices.discovery.k8s.io": "nnnnn",
    "update namespaces": "nnnnn",
    "update services/status": "nnnnn",
    "get nodes/proxy": "nnnnn",
    "get nodes": "nnnnn",
}
OBJECTS = manifests(Settings(namespaces=[Namespace(name="payments"), Namespace(name="orders")]))


def can(group: str, verb: str, resource: str, namespace: str) -> bool:
    name, _, api = resource.partition(".")
    api, slash, subresource = api.partition("/")
    roles = {(o["metadata"]["namespace"], o["metadata"]["name"]): o["rules"] for o in OBJECTS if o["kind"] == "Role"}
    for binding in OBJECTS:
        if binding["kind"] == "RoleBinding" and binding["metadata"]["namespace"] == namespace:
            assert binding["roleRef"]["kind"] == "Role"
            if group not in [s["name"] for s in binding["subjects"] if s["kind"] == "Group"]:
                continue
            for rule in roles[namespace, binding["roleRef"]["name"]]:
                if (
                    verb in rule["verbs"]
                    and api in rule["apiGroups"]
                    and f"{name}{slash}{subresource}" in rule["resources"]
                ):
                    return True
    return False


@pytest.mark.parametrize("question", QUESTIONS)
def test_who_can_do_what(question: str) -> None:
    verb, resource = question.split()
    answers = "".join("y" if can(who, verb, resource, "payments") else "n" for who in WHO)
    assert answers == QUESTIONS[question]
    assert not any(can(who, verb, resource, "orders") for who in WHO[:3])
    assert not any(can(who, verb, resource, "kube-system") for who in WHO)


def test_there_is_no_wildcard() -> None:
    rules = [rule for o in OBJECTS if o["kind"] == "Role" for rule in o["rules"]]
    assert rules
    assert not [rule for rule in rules for values in rule.values() for value in values if "*" in value]


def test_groups_can_be_named_or_left_out() -> None:
    named = Namespace(name="a", team="money", groups={"viewer": ["auditors", "all-staff"], "operator": []})
    bound = {
        o["metadata"]["name"]: [s["name"] for s in o["subjects"]]
        for o in manifests(Settings(namespaces=[named]))
        if o["kind"] == "RoleBinding"
    }
    assert bound == {"viewer": ["all-staff", "auditors"], "developer": ["money-developer"]}


def test_the_default_service_account_has_no_token() -> None:
    accounts = [o for o in OBJECTS if o["kind"] == "ServiceAccount"]
    assert {o["metadata"]["namespace"] for o in accounts} == {"payments", "orders"}
    assert all(o["automountServiceAccountToken"] is False for o in accounts)


def test_quota_and_limits() -> None:
    """A LimitRange without defaults: they would come after the policy `resources` has judged a template."""
    (quota,) = [o for o in OBJECTS if o["kind"] == "ResourceQuota" and o["metadata"]["namespace"] == "orders"]
    assert quota["spec"]["hard"]["pods"] == "100"
    for limits in (o for o in OBJECTS if o["kind"] == "LimitRange"):
        (item,) = limits["spec"]["limits"]
        assert set(item) == {"max", "type"}
    custom = manifests(Settings(namespaces=[Namespace(name="a", quota={"pods": 5}, limits={})]))
    assert [o["spec"]["hard"] for o in custom if o["kind"] == "ResourceQuota"] == [{"pods": "5"}]
    assert not [o for o in custom if o["kind"] == "LimitRange"]
    for limits, expected in (
        ({"cpu": 2}, {"max": {"cpu": "2"}}),
        ({"min": {"memory": "1Mi"}}, {"min": {"memory": "1Mi"}}),
    ):
        (item,) = [
            o["spec"]["limits"][0]
            for o in manifests(Settings(namespaces=[Namespace(name="a", limits=limits)]))
            if o["kind"] == "LimitRange"
        ]
        assert item == {"type": "Container", **expected}
