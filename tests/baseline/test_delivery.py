"""How a stack applies the baseline: phases, pieces, and the rights of the one who applies them."""

import json

import pytest

from hardened_eks.baseline import Namespace, Settings, delivery, manifests
from hardened_eks.baseline.policies import POLICIES
from hardened_eks.baseline.rendering import PHASES
from tests.baseline.admission import Cluster, Request
from tests.baseline.rbac import PLURALS, applied, can

SETTINGS = Settings(
    registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"],
    namespaces=[Namespace(name="payments", pod_identity=True), Namespace(name="orders")],
    addons=["cloudwatch-observability"],
)
DELIVERED = [item for piece in delivery.pieces(SETTINGS) for item in piece.objects]
BOOTSTRAP = delivery.bootstrap(SETTINGS)
DELIVERY, OTHER = "hardened-eks:delivery", "system:authenticated"


def test_everything_is_delivered_once_in_the_order_of_its_kinds() -> None:
    assert sorted(map(json.dumps, DELIVERED)) == sorted(map(json.dumps, manifests(SETTINGS)))
    phases = list(PHASES)
    places = [next(i for i, p in enumerate(phases) if item["kind"] in PHASES[p]) for item in DELIVERED]
    assert places == sorted(places)
    assert phases == [
        "Namespaces",
        "Access",
        "ConfigMaps",
        "Policies",
        "Limits",
        "Classes",
        "Pools",
        "Jobs",
        "Bindings",
    ]
    assert phases[-1] == "Bindings", "a set that was applied by half refuses nothing"


def test_what_aws_reads_by_name_is_an_administrators_and_the_rest_of_the_nodes_is_delivered() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    nodes = Settings(
        karpenter={
            "bottlerocket_version": "1.50.0",
            "instance_profile": "nodes",
            "cluster": "payments",
            "volumes_key": key,
        },
        fargate_logs={"log_group": "/payments/fargate", "region": "eu-west-1"},
    )
    delivered = [item for piece in delivery.pieces(nodes) for item in piece.objects]
    once = delivery.bootstrap(nodes)
    assert {"EC2NodeClass", "NodePool"} <= {item["kind"] for item in delivered}
    kinds = [(item["kind"], item["metadata"]["name"]) for item in once]
    assert kinds.index(("Namespace", "aws-observability")) < kinds.index(("ConfigMap", "aws-logging"))
    everything = [json.dumps(item) for item in manifests(nodes)]
    assert set(everything) == {json.dumps(item) for item in [*delivered, *once]} & set(everything)
    for item in delivered:
        if item["kind"] in {"EC2NodeClass", "NodePool"}:
            assert_may(nodes, item)


def assert_may(settings: Settings, item: dict) -> None:
    group, kind = item["apiVersion"].rpartition("/")[0], item["kind"]
    (role,) = [one for one in delivery.bootstrap(settings) if one["kind"] == "ClusterRole"]
    plural = {"EC2NodeClass": "ec2nodeclasses", "NodePool": "nodepools"}[kind]
    assert any(group in rule["apiGroups"] and plural in rule["resources"] for rule in role["rules"])


def test_each_kind_of_the_baseline_has_one_phase() -> None:
    everything = Settings(
        namespaces=[
            Namespace(
                name="a",
                security_groups=["sg-0123456789abcdef0"],
                allow=[{"to": {"domains": ["api.example.com"]}, "ports": [443]}],
            )
        ],
        cluster_network_policy=True,
    )
    kinds = [kind for kinds in PHASES.values() for kind in kinds]
    assert len(kinds) == len(set(kinds))
    assert {item["kind"] for item in manifests(everything)} <= set(kinds)


@pytest.mark.parametrize(("namespaces", "least"), [(1, 6), (40, 9)])
def test_pieces_fit_into_the_event_of_a_custom_resource(namespaces: int, least: int) -> None:
    settings = Settings(namespaces=[Namespace(name=f"team-{number}") for number in range(namespaces)])
    found = delivery.pieces(settings)
    assert len(found) >= least
    assert len({piece.name for piece in found}) == len(found)
    for piece in found:
        text = json.dumps(list(piece.objects), separators=(",", ":"))
        both = {"ResourceProperties": {"Manifest": text}, "OldResourceProperties": {"Manifest": text}}
        assert len(json.dumps(both)) < 262_144 - 8_192, piece.name
        assert len(text) < 262_144, "an annotation holds what was applied last"
    assert not list(delivery.problems(settings))


def test_the_names_of_pieces_tell_phase_and_number() -> None:
    names = [piece.name for piece in delivery.pieces(SETTINGS)]
    assert names == ["Namespaces", "Access", "Policies", "Policies2", "Limits", "Bindings"]


def test_what_is_too_large_is_refused() -> None:
    many = Settings(namespaces=[Namespace(name=f"team-{number}") for number in range(120)])
    (problem,) = delivery.problems(many)
    assert "bytes for 120 namespaces, a stack takes 850000" in problem
    assert "GitOps" in problem
    group = Namespace(name="a", groups={"viewer": [f"group-{number}" for number in range(2000)]})
    (problem,) = delivery.problems(Settings(namespaces=[group]))
    assert "RoleBinding a/viewer" in problem
    assert "a custom resource takes 100000" in problem


def test_the_delivery_may_apply_what_it_delivers() -> None:
    for item in DELIVERED:
        for question, where in applied(item):
            assert can(BOOTSTRAP, DELIVERY, *question, **where), (question, where)
    assert not [o for o in BOOTSTRAP if o["kind"] == "ConfigMap"]


def test_the_delivery_may_write_the_kinds_of_a_namespace_before_there_is_one() -> None:
    first = delivery.bootstrap(Settings())
    for item in DELIVERED:
        for question, where in applied(item):
            assert can(first, DELIVERY, *question, **where), (question, where)


REFUSED = [
    ("get", "", "secrets", {}),
    ("list", "", "secrets", {}),
    ("create", "", "pods", {}),
    ("create", "", "pods/exec", {}),
    ("create", "apps", "deployments", {}),
    ("create", "batch", "cronjobs", {}),
    ("delete", "", "namespaces", {"name": "payments"}),
    ("create", "", "configmaps", {"namespace": "kube-system"}),
    ("patch", "", "configmaps", {"namespace": "kube-system", "name": "coredns"}),
    ("patch", "", "configmaps", {"namespace": "payments"}),
    ("create", "", "serviceaccounts/token", {}),
    ("create", "rbac.authorization.k8s.io", "clusterroles", {}),
    ("create", "rbac.authorization.k8s.io", "clusterrolebindings", {}),
    ("escalate", "rbac.authorization.k8s.io", "clusterroles", {}),
    ("bind", "rbac.authorization.k8s.io", "clusterroles", {"name": "cluster-admin"}),
    ("bind", "rbac.authorization.k8s.io", "roles", {"name": "root"}),
    ("patch", "admissionregistration.k8s.io", "validatingadmissionpolicies", {"name": "of-somebody-else"}),
    ("delete", "admissionregistration.k8s.io", "validatingadmissionpolicies", {"name": "hardened-eks-rbac"}),
    ("create", "admissionregistration.k8s.io", "validatingwebhookconfigurations", {}),
    ("impersonate", "", "users", {}),
    ("create", "vpcresources.k8s.aws", "securitygrouppolicies", {}),
]


@pytest.mark.parametrize(("verb", "api", "resource", "where"), REFUSED)
def test_the_delivery_may_do_no_more(verb: str, api: str, resource: str, where: dict) -> None:
    namespaces = [where["namespace"]] if "namespace" in where else [None, "payments", "kube-system", "kube-public"]
    for namespace in namespaces:
        assert not can(BOOTSTRAP, DELIVERY, verb, api, resource, **{**where, "namespace": namespace})


def test_only_the_delivery_gets_these_rights() -> None:
    subjects = [s for o in BOOTSTRAP for s in o.get("subjects", ())]
    assert {(s["kind"], s["name"]) for s in subjects} == {("Group", DELIVERY)}
    assert not any(can(BOOTSTRAP, OTHER, *question, **where) for item in DELIVERED for question, where in applied(item))
    values = [v for o in BOOTSTRAP for rule in o.get("rules", ()) for values in rule.values() for v in values]
    assert not [v for v in values if "*" in v]


def test_bind_is_limited_to_the_roles_that_are_delivered() -> None:
    for item in DELIVERED:
        if item["kind"] == "RoleBinding":
            question = ("bind", "rbac.authorization.k8s.io", "roles")
            where = {"name": item["roleRef"]["name"], "namespace": item["metadata"]["namespace"]}
            assert can(BOOTSTRAP, DELIVERY, *question, **where)


def test_the_admission_policies_let_the_delivery_apply_the_baseline() -> None:
    """In mode deny, as on every update after the first roll-out."""
    judge = Cluster(SETTINGS)
    for item in DELIVERED:
        api, _, version = item["apiVersion"].rpartition("/")
        request = Request(
            kind=item["kind"], resource=PLURALS[item["kind"]], group=api, version=version, object=item,
            namespace=item["metadata"].get("namespace"), user="arn:aws:sts::111122223333:assumed-role/d/handler",
            groups=(DELIVERY, "system:authenticated"),
        )  # fmt: skip
        for policy in POLICIES:
            assert not judge.judge(policy.id, request).denied, (policy.id, item["kind"], item["metadata"])


def test_only_an_administrator_writes_the_bootstrap_while_the_guard_denies() -> None:
    judge = Cluster(SETTINGS)
    (role,) = [o for o in BOOTSTRAP if o["kind"] == "ClusterRole"]
    request = Request(
        kind="ClusterRole", resource="clusterroles", group="rbac.authorization.k8s.io", namespace=None, object=role
    )
    assert judge.judge("rbac", request).denied
    assert not judge.judge("rbac", Request(**{**vars(request), "groups": ("break-glass",)})).denied
