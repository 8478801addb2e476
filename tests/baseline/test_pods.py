"""Policies over pods, as a cross product: policy x kind x list of containers x operation x namespace."""

import copy
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from hardened_eks.baseline import Settings
from hardened_eks.baseline.policies import POLICIES
from tests.baseline.admission import Cluster, Request
from tests.baseline.objects import REGISTRY, WORKLOADS, good, requests, spoiled, workload
from tests.baseline.pod_cases import CONTAINERS, GOOD, PODS, WITHOUT_EPHEMERAL, annotated

SETTINGS = Settings(
    registries=[REGISTRY, "registry.example:5000/team/"],
    exec_group=["break-glass", "on-call"],
    admin_groups=["platform"],
    privileged_namespaces=["agents"],
    addons=["karpenter", "metrics-server"],
    rbac_exceptions=["mine"],
)
JOB_CONTROLLER = "system:serviceaccount:kube-system:job-controller"
POD_POLICIES = [policy.id for policy in POLICIES if any("deployments" in match.resources for match in policy.matches)]


@cache
def cluster() -> Cluster:
    return Cluster(SETTINGS)


def cases():
    for policy, changes in CONTAINERS.items():
        for name, change in changes.items():
            for where in ("containers", "initContainers", "ephemeralContainers"):
                if where == "ephemeralContainers" and policy in WITHOUT_EPHEMERAL:
                    continue
                for index in range(2 if where == "initContainers" else 1):
                    yield policy, f"{name} in {where}[{index}]", _in_list(change, where, index)
    for policy, changes in PODS.items():
        for name, change in changes.items():
            yield policy, name, change


def _in_list(change, where, index):
    return lambda pod: change(pod[where][index])


CASES = list(cases())


def some(pod: dict, **changes) -> list[tuple[str, Request]]:
    """A pod itself and the most deeply wrapped template: enough for what does not depend on the kind."""
    return [(name, r) for name, r in requests(pod, **changes) if name in {"Pod CREATE", "CronJob UPDATE"}]


@pytest.mark.parametrize("policy", POD_POLICIES)
def test_a_bad_pod_is_refused_in_every_kind_list_and_operation(policy: str) -> None:
    """The whole cross product for the first case of each list of containers and of pods, two requests for the rest."""
    judged = 0
    lists = set()
    for id_, name, change in CASES:
        if id_ != policy:
            continue
        where = name.partition(" in ")[2]
        for request_name, request in (some if where in lists else requests)(spoiled(change)):
            verdict = cluster().judge(policy, request)
            assert verdict.denied, (name, request_name)
            assert not verdict.error, (name, request_name, verdict.error)
            judged += 1
        lists.add(where)
    way_out = f"write what {policy} refuses into CONTAINERS or PODS of tests/baseline/pod_cases.py"
    assert judged or policy == "default-namespace", way_out


@pytest.mark.parametrize("case", GOOD)
def test_a_good_pod_is_admitted_by_every_policy(case: str) -> None:
    pod = spoiled(GOOD[case])
    for name, request in requests(pod) if case in {"as it is", "nulls"} else some(pod):
        for policy in POD_POLICIES:
            verdict = cluster().judge(policy, request)
            assert not verdict.denied, (policy, name, verdict)
            assert not verdict.error, (policy, name, verdict)


@pytest.mark.parametrize("policy", [policy for policy in POD_POLICIES if policy != "default-namespace"])
def test_only_the_name_exempts_a_namespace(policy: str) -> None:
    pod = spoiled(next(change for id_, _, change in CASES if id_ == policy))
    for name, request in some(pod):
        for exempt in ("kube-system", "kube-public", "kube-node-lease", "agents"):
            asking = replace(request, namespace=exempt)
            assert not cluster().judge(policy, asking).denied, (name, exempt)
            assert not cluster().judge(policy, replace(asking, namespace_labels=None)).denied, (name, exempt)
        for look_alike in ("kube-system-2", "xkube-system", "kube", "agents-of-payments", "Kube-System"):
            labels = {"name": "kube-system", "hardened-eks/exempt": "true", "control-plane": "true"}
            verdict = cluster().judge(policy, replace(request, namespace=look_alike, namespace_labels=labels))
            assert verdict.denied, (name, look_alike)


@pytest.mark.parametrize("policy", POD_POLICIES)
def test_only_the_control_plane_is_exempt(policy: str) -> None:
    space = "default" if policy == "default-namespace" else "payments"
    pod = good() if policy == "default-namespace" else spoiled(next(c for id_, _, c in CASES if id_ == policy))
    for name, request in some(pod, namespace=space):
        for user in SETTINGS.exempt_users if name == "Pod CREATE" else ("system:apiserver", "eks:addon-manager"):
            assert not cluster().judge(policy, replace(request, user=user)).denied, (name, user)
        for user in ("eks:", "eks:support-engineer", "eks:addon-manager2", "system:apiserver2", "system:admin", ""):
            assert cluster().judge(policy, replace(request, user=user)).denied, (name, user)
        everybody = ("system:masters", "platform", "break-glass", "system:nodes")
        assert cluster().judge(policy, replace(request, groups=everybody)).denied, name


def test_nothing_runs_in_the_namespace_default() -> None:
    for name, request in requests(good(), namespace="default"):
        assert cluster().judge("default-namespace", request).denied, name
    for name, request in requests(good(), namespace="default-2"):
        assert not cluster().judge("default-namespace", request).denied, name
    listed = Cluster(replace(SETTINGS, system_namespaces=["default", "kube-system"]))
    for name, request in requests(good(), namespace="default"):
        assert listed.judge("default-namespace", request).denied, name


@pytest.mark.parametrize("policy", POD_POLICIES)
def test_housekeeping_of_what_is_there_is_let_through(policy: str) -> None:
    """A job controller that removes its finalizer from an old pod changes nothing; a deployment controller could."""
    space = "default" if policy == "default-namespace" else "payments"
    pod = good() if policy == "default-namespace" else spoiled(next(c for id_, _, c in CASES if id_ == policy))
    other = copy.deepcopy(pod)
    other["terminationGracePeriodSeconds"] = 1
    for kind, (group, resource) in WORKLOADS.items():
        if kind == "PodTemplate":
            continue
        old = workload(kind, pod, finalizers=["x"])
        update = Request(resource=resource, group=group, kind=kind, operation="UPDATE", namespace=space,
                         object=workload(kind, pod), old=old)  # fmt: skip
        leaving = workload(kind, pod, deletionTimestamp="2026-11-01T00:00:00Z")
        judge = cluster().judge
        assert judge(policy, update).denied, kind
        assert not judge(policy, replace(update, user=JOB_CONTROLLER)).denied, kind
        assert not judge(policy, replace(update, user="system:kube-controller-manager")).denied, kind
        assert not judge(policy, replace(update, old=leaving)).denied, kind
        assert judge(policy, replace(update, old=None)).denied, kind
        assert judge(policy, replace(update, old={}, user=JOB_CONTROLLER)).denied, kind
        assert judge(policy, replace(update, user="system:serviceaccount:payments:job-controller")).denied, kind
        assert judge(policy, replace(update, user=f"x:{JOB_CONTROLLER}")).denied, kind
        assert judge(policy, replace(update, user="system:kube-controller-manager2")).denied, kind
        changed = workload(kind, other)
        assert judge(policy, replace(update, object=changed, user=JOB_CONTROLLER)).denied, kind
        assert judge(policy, replace(update, object=changed, old=leaving)).denied, kind
        if "template" in old["spec"]:
            scaled = {**update.object, "spec": {**update.object["spec"], "replicas": 0}}
            assert not judge(policy, replace(update, object=scaled, user=JOB_CONTROLLER)).denied, kind
            assert judge(policy, replace(update, object=scaled)).denied, kind
            assert judge(policy, replace(update, object=scaled, old={"spec": {}}, user=JOB_CONTROLLER)).denied, kind


def test_a_priority_of_the_system_is_for_add_ons_that_are_listed() -> None:
    pod = spoiled(next(change for id_, _, change in CASES if id_ == "priority"))
    spaces = {"karpenter": False, "metrics-server": False, "karpenter-2": True, "payments": True, None: True}
    for name, request in requests(pod):
        for space, denied in spaces.items():
            verdict = cluster().judge("priority", replace(request, namespace=space))
            assert verdict.denied == denied, (name, space)
            assert not verdict.error


@pytest.mark.parametrize("value", ["unconfined", "Unconfined", "x", "x-localhost/x"])
def test_apparmor_cannot_be_switched_off_by_an_annotation(value: str) -> None:
    for kind, (group, resource) in WORKLOADS.items():
        item = workload(kind, good())
        template = item["spec"]["jobTemplate"]["spec"]["template"] if kind == "CronJob" else (
            item.get("template") or item["spec"].get("template") or item)  # fmt: skip
        request = Request(resource=resource, group=group, kind=kind)

        def denied(annotations, request=request, item=item, metadata=template["metadata"]) -> bool:
            metadata["annotations"] = annotations
            return cluster().judge("security-profiles", replace(request, object=copy.deepcopy(item))).denied

        for fine in ("", "runtime/default", "localhost/x"):
            assert not denied({**annotated(fine), "other": value}), (kind, fine)
        assert denied(annotated(value)), kind
        assert not denied({f"x.{key}": value for key in annotated(value)}), kind
        assert not denied(None), kind


SPARSE = [{}, {"spec": None}, {"spec": {}}, {"spec": {"template": None}}, {"spec": {"template": {}}}, {"template": None},
          {"template": {}}, {"spec": {"template": {"spec": None}}}, {"spec": {"jobTemplate": None}}, {"metadata": {}},
          {"spec": {"jobTemplate": {}}}, {"spec": {"jobTemplate": {"spec": None}}}, {"metadata": None},
          {"spec": {"jobTemplate": {"spec": {}}}}, {"spec": {"jobTemplate": {"spec": {"template": None}}}},
          {"spec": {"jobTemplate": {"spec": {"template": {}}}}}, {"template": {"spec": None, "metadata": None}},
          {"spec": {"containers": None}},
          {"spec": {"containers": [{"image": None, "securityContext": None}], "securityContext": None}},
          {"spec": {"containers": [{}]}}, {"spec": {"containers": [{"name": "x"}], "securityContext": {}}}]  # fmt: skip


@pytest.mark.parametrize("policy", [policy for policy in POD_POLICIES if policy != "default-namespace"])
def test_the_kind_alone_says_where_the_pod_is(policy: str) -> None:
    """The API server drops fields that a kind does not have; a check of files reads them as they are written."""
    bad, fine = spoiled(next(change for id_, _, change in CASES if id_ == policy)), good()
    for kind, (group, resource) in WORKLOADS.items():
        for runs, stray in ((bad, fine), (fine, bad)):
            template = {"metadata": {}, "spec": stray}
            spec = {"template": template, "jobTemplate": {"spec": {"template": template}}}
            spec |= {} if kind == "Pod" else stray
            item = workload(kind, runs)
            item = {"template": template, **item, "spec": {**spec, **item.get("spec", {})}}
            for one in (item, {key: value for key, value in item.items() if key != "kind"}):
                request = Request(resource=resource, group=group, kind=kind, object=one)
                verdict = cluster().judge(policy, request)
                assert (verdict.denied, verdict.error) == (runs is bad, ""), kind


@pytest.mark.parametrize("policy", POD_POLICIES)
def test_no_expression_fails_on_a_sparse_object(policy: str) -> None:
    for item, kind in product(SPARSE, WORKLOADS):
        request = Request(resource=WORKLOADS[kind][1], group=WORKLOADS[kind][0], kind=kind, object=item)
        assert not cluster().judge(policy, request).error, (item, kind)
    for item in SPARSE:
        for old in (
            None,
            {"metadata": None},
            item,
            {**item, "metadata": None},
            {"spec": {}},
            {"spec": None},
            {"spec": {"template": {"x": 1}}},
        ):
            for operation in ("CREATE", "UPDATE"):
                request = Request(resource="pods", operation=operation, object=item, old=old)
                for asking in (request, replace(request, user=JOB_CONTROLLER)):
                    assert not cluster().judge(policy, asking).error, (item, old, operation)
    bad = workload("Pod", good())
    for user_info in (None, {"uid": "1"}, {"groups": ["x"]}):
        for space in ("payments", None):
            for operation in ("CREATE", "UPDATE"):
                request = Request(resource="pods", object=bad, old=bad, operation=operation, namespace=space,
                                  user_info=user_info)  # fmt: skip
                assert not cluster().judge(policy, request).error, (user_info, space)


def test_images_are_refused_when_no_registry_is_trusted() -> None:
    empty = Cluster(Settings())
    for name, request in requests(good()):
        verdict = empty.judge("trusted-registry", request)
        assert verdict.denied, name
        assert not verdict.error, name
        for exempt in Settings().system_namespaces:
            assert not empty.judge("trusted-registry", replace(request, namespace=exempt)).denied, name
