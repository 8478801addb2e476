"""Every add-on profile admits what the add-on really runs, and no more."""

import copy
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from hardened_eks.baseline import Settings, manifests
from hardened_eks.baseline.addon_values import VALUES
from hardened_eks.baseline.addons import PROFILES
from tests.baseline.addon_cases import CHARTS, OTHER_ROLES, PUBLISHED, ROLES, rendered
from tests.baseline.admission import Cluster, Request
from tests.baseline.connectivity import Pod, allowed
from tests.baseline.objects import REGISTRY, workload
from tests.baseline.pod_security import VERSIONS, refused
from tests.baseline.test_pods import POD_POLICIES

ADDONS = list(PROFILES)
WARNS = {"secret-env"}
NOT_PUBLIC = {"fluent-bit", "guardduty-agent"}
"""Add-ons that EKS builds from manifests of its own: their level is assumed."""


@cache
def server(addon: str | None) -> Cluster:
    return Cluster(Settings(registries=[REGISTRY], addons=[addon] if addon else []))


def denied(cluster: Cluster, space: str, spec) -> set[str]:
    """Return the policies that refuse a Deployment, or the pod of it, in a namespace."""
    found = set()
    for kind, group, resource in (("Pod", "", "pods"), ("Deployment", "apps", "deployments")):
        request = Request(resource=resource, group=group, kind=kind, namespace=space, object=workload(kind, spec))
        found |= {policy for policy in POD_POLICIES if cluster.judge(policy, request).denied}
    return found


def namespace(addon: str) -> str:
    return PROFILES[addon].namespace


def parts(addon: str, values):
    return rendered(addon, values).items()


def test_every_add_on_is_told_of() -> None:
    assert set(CHARTS) == set(PROFILES)
    assert {addon for addon, profile in PROFILES.items() if profile.source is None} == NOT_PUBLIC
    assert {addon for addon, found in CHARTS.items() if not found} == NOT_PUBLIC
    places = [profile.source for profile in PROFILES.values() if profile.source]
    assert all(re.fullmatch(r"[\w-]+/[\w.-]+/(tree|blob)/[0-9a-f]{40}/[\w./-]+", place) for place in places)
    assert set(VALUES) <= set(PROFILES)
    assert set(PUBLISHED) == {addon for addon, profile in PROFILES.items() if profile.level == "restricted"}
    assert {addon: set(roles) for addon, roles in ROLES.items()} == {
        addon: set(profile.rbac) for addon, profile in PROFILES.items() if profile.rbac
    }


@pytest.mark.parametrize("addon", ADDONS)
def test_an_add_on_runs_in_its_namespace(addon: str) -> None:
    profile = PROFILES[addon]
    for part, spec in parts(addon, VALUES.get(addon, {})):
        assert denied(server(addon), profile.namespace, spec) <= WARNS, part
        for version in VERSIONS:
            assert not refused({"spec": spec}, profile.level, version), part


@pytest.mark.parametrize("addon", ADDONS)
def test_its_level_is_the_strictest(addon: str) -> None:
    profile = PROFILES[addon]
    assert profile.level in {"restricted", "privileged"}
    if profile.level == "privileged" and profile.source:
        values = VALUES.get(addon, {})
        assert any(refused({"spec": spec}, "baseline", VERSIONS[0]) for _, spec in parts(addon, values))


@pytest.mark.parametrize("addon", PUBLISHED)
def test_its_values_and_exceptions_are_needed(addon: str) -> None:
    space = PROFILES[addon].namespace
    published = {policy for _, spec in parts(addon, {}) for policy in denied(server(None), space, spec)}
    assert published == PUBLISHED[addon]
    spoiled = [policy for _, spec in parts(addon, VALUES[addon]) for policy in denied(server(None), "team", spec)]
    assert ("priority" in spoiled) == PROFILES[addon].critical


@pytest.mark.parametrize("addon", sorted(PUBLISHED))
def test_without_one_of_its_values_it_is_refused(addon: str) -> None:
    """But for values that only say again what the chart does."""
    values = VALUES[addon]
    for path in {path for chart in CHARTS[addon].values() for path in chart["values"].values()} - {"hostNetwork"}:
        *parents, last = path.split(".")
        less: Any = copy.deepcopy(values)
        inner = less
        for key in parents:
            inner = inner.get(key, {})
        if inner.pop(last, None) is not None:
            found = {
                policy for _, spec in parts(addon, less) for policy in denied(server(addon), namespace(addon), spec)
            }
            assert found - WARNS, path


def test_a_priority_of_the_system_is_for_the_namespaces_of_listed_add_ons() -> None:
    (spec,) = rendered("karpenter", VALUES["karpenter"]).values()
    for space, expected in {"karpenter": set(), "karpenter-2": {"priority"}, "metrics-server": {"priority"}}.items():
        assert denied(server("karpenter"), space, spec) == expected, space


@pytest.mark.parametrize("addon", sorted({*ROLES, *OTHER_ROLES}))
def test_its_roles_pass_by_their_names_only(addon: str) -> None:
    def judge(cluster: Cluster, name: str, rules) -> bool:
        request = Request(resource="clusterroles", kind="ClusterRole", group="rbac.authorization.k8s.io",
                          namespace=None, object={"metadata": {"name": name}, "rules": rules})  # fmt: skip
        return cluster.judge("rbac", request).denied

    for name, rules in ROLES.get(addon, {}).items():
        assert not judge(server(addon), name, rules), name
        assert judge(server(addon), f"{name}-2", rules), name
        assert judge(server(None), name, rules), name
    assert not judge(server(None), "any", OTHER_ROLES.get(addon, []))


@pytest.mark.parametrize("addon", [a for a in ADDONS if PROFILES[a].namespace != "kube-system"])
def test_an_add_on_reaches_the_api_server_but_never_the_metadata_service(addon: str) -> None:
    profile = PROFILES[addon]
    objects = manifests(server(addon).settings)
    mine = Pod(profile.namespace)
    assert allowed(objects, mine, "10.1.0.9", 443) == (addon != "istio-ztunnel")
    assert allowed(objects, mine, Pod("istio-system"), 15012) == (addon == "istio-ztunnel")
    for address in ("169.254.169.254", "fd00:ec2::254"):
        assert not [port for port in (53, 80, 443, 10250) if allowed(objects, mine, address, port)]
    assert allowed(objects, mine, "169.254.170.23", 80) == profile.pod_identity
    quotas = [o for o in objects if o["kind"] in {"ResourceQuota", "LimitRange"}]
    assert bool(quotas) == (profile.level == "restricted")


def test_the_system_namespace_is_left_alone() -> None:
    settings = Settings(addons=["ebs-csi-driver", "node-monitoring-agent"])
    assert [o for o in manifests(settings) if o["kind"] == "Namespace"] == []
    assert replace(settings, addons=["karpenter"]).critical_namespaces == ("karpenter",)
