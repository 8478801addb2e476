"""Pod Security: the port of its rules, and what our levels and policies make of it."""

import copy

import pytest

from hardened_eks.baseline.levels import PINNED
from tests.baseline.objects import container, good, workload
from tests.baseline.pod_cases import GOOD
from tests.baseline.pod_security import BASELINE, RESTRICTED, VERSIONS, refused
from tests.baseline.pod_security_cases import CHANGED, FAIL, OTHER_VOLUMES, PASS, volume
from tests.baseline.test_pods import POD_POLICIES, cluster
from tests.baseline.admission import Request


def pod(change):
    """Return a pod (metadata and spec) after a change."""
    spec = {
        "serviceAccountName": "api",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container()], "initContainers": [container("prepare")], "volumes": [],
    }  # fmt: skip
    change(spec)
    return {"metadata": {"annotations": spec.pop("annotations", None)}, "spec": spec}


def cases(table):
    return [
        pytest.param(check, pod(change), id=f"{check}-{i}") for check in table for i, change in enumerate(table[check])
    ]


def test_every_check_has_pods_that_pass_and_pods_that_fail() -> None:
    assert set(FAIL) == {*BASELINE, *RESTRICTED} - {"procMount_restricted"}
    assert set(PASS) - {"base"} <= set(FAIL)


@pytest.mark.parametrize(("check", "item"), cases(PASS))
def test_pods_that_pass(check: str, item) -> None:
    for version in VERSIONS:
        assert refused(item, "baseline", version) == set()
        assert refused(item, "restricted", version) == set()


@pytest.mark.parametrize(("check", "item"), cases(FAIL))
def test_pods_that_fail(check: str, item) -> None:
    for version in VERSIONS:
        assert check in refused(item, "restricted", version)
        assert (check in refused(item, "baseline", version)) == (check in BASELINE)
        assert refused(item, "privileged", version) == set()
        others = refused(item, "restricted", version) - {check}
        alike = {check.partition("_")[0], "restrictedVolumes"}
        if None in [c.get("securityContext") for c in item["spec"]["containers"]]:
            alike.add("capabilities")
        assert {name.partition("_")[0] for name in others} <= alike


@pytest.mark.parametrize(("change", "baseline", "restricted"), [c[1:] for c in CHANGED], ids=[c[0] for c in CHANGED])
def test_what_versions_decide_otherwise(change, baseline: str, restricted: str) -> None:
    item = pod(change)
    for level, expected in (("baseline", baseline), ("restricted", restricted)):
        assert "".join("d" if refused(item, level, v) else "a" for v in VERSIONS) == expected, level


def test_the_pinned_version_is_the_strictest() -> None:
    """What 1.34 admits every later version admits: so a cluster of any version enforces at least its own rules."""
    assert f"v{VERSIONS[0][0]}.{VERSIONS[0][1]}" == PINNED
    items = [pod(change) for table in (PASS, FAIL) for changes in table.values() for change in changes]
    for item in (*items, *(pod(change) for _, change, _, _ in CHANGED)):
        for level in ("baseline", "restricted"):
            strictest = refused(item, level, VERSIONS[0])
            for version in VERSIONS[1:]:
                assert bool(strictest) >= bool(refused(item, level, version))


def judged(item) -> set[str]:
    """Return the policies that refuse a pod."""
    made = workload("Pod", item["spec"], annotations=item["metadata"]["annotations"])
    request = Request(resource="pods", object=made)
    return {policy for policy in POD_POLICIES if cluster().judge(policy, request).denied}


@pytest.mark.parametrize(("check", "item"), cases({k: v for k, v in FAIL.items() if k != "restrictedVolumes"}))
def test_the_policies_alone_refuse_what_the_level_restricted_refuses(check: str, item) -> None:
    """A namespace of another level, or a template, which Pod Security only warns of, is not open."""
    overruled = item["spec"]["securityContext"].get("runAsNonRoot") is False and all(
        c["securityContext"].get("runAsNonRoot") for c in (*item["spec"]["containers"], *item["spec"]["initContainers"])
    )
    assert bool(judged(item)) != overruled, check  # each container says that it is not root: none is


def test_the_policies_alone_refuse_what_later_versions_admit() -> None:
    for name, change, _, restricted in CHANGED:
        assert bool(judged(pod(change)) - {"image-pinned", "trusted-registry"}) == ("d" in restricted), name


def test_volumes_of_the_network_are_left_to_pod_security() -> None:
    """Our policies refuse the volumes that lead to the node; what else restricted refuses, its level refuses."""
    named = {kind for kind in OTHER_VOLUMES if not judged(pod(volume(**{kind: {}})))}
    assert named == set(OTHER_VOLUMES) - {"gitRepo", "flexVolume"}


@pytest.mark.parametrize("case", GOOD)
def test_pods_that_our_policies_admit_are_admitted_by_restricted(case: str) -> None:
    spec = copy.deepcopy(good())
    GOOD[case](spec)
    for version in VERSIONS:
        assert refused({"metadata": {}, "spec": spec}, "restricted", version) <= ALLOWED.get(case, set())


ALLOWED = {
    "containers overrule the pod": {"runAsNonRoot"},  # Pod Security reads the pod's false even so
    "inner nulls": {"restrictedVolumes"},  # volumes of no kind, which the API refuses
    "default account, inner nulls": {"restrictedVolumes"},
}
"""Case -> checks that refuse it all the same."""
