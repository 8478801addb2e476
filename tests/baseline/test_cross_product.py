"""The whole table: policy x kind x list of containers x operation and subresource x own, exempt and look-alike namespace.

The first bad case of each policy and list stands for the others, which `test_pods` asks where it matters.
"""

from dataclasses import replace
from itertools import product

import pytest

from tests.baseline.objects import good, requests, spoiled
from tests.baseline.test_pods import CASES, POD_POLICIES, cluster

LISTS = ("containers", "initContainers", "ephemeralContainers")
SPACES = {
    "payments": "own",
    "agents": "exempt",
    "kube-system": "exempt",
    "agents-2": "look-alike",
    "kube-systems": "look-alike",
}
WITHOUT_LISTS = {"automount-token", "default-namespace", "priority"}
"""Policies that judge what belongs to the pod, not to a container."""


def rows():
    """Yield policy, list, name of the request, the request, namespace and what is expected of it."""
    for policy, where in product(POD_POLICIES, (*LISTS, "pod")):
        change = next(
            (c for id_, name, c in CASES if id_ == policy and where == (name.partition(" in ")[2][:-3] or "pod")), None
        )
        if change is None:
            continue
        for (name, request), (space, kind) in product(requests(spoiled(change)), SPACES.items()):
            yield policy, where, name, replace(request, namespace=space), kind


TABLE = list(rows())


def test_the_table_is_whole() -> None:
    for policy in set(POD_POLICIES) - {"default-namespace"}:
        lists = {row[1] for row in TABLE if row[0] == policy}
        assert lists >= (
            {"pod"}
            if policy in WITHOUT_LISTS
            else {*LISTS} - ({"ephemeralContainers"} if policy == "resources" else set())
        )
        asked = {(row[2], row[4]) for row in TABLE if row[0] == policy}
        names = {name for name, _ in requests(good())}
        assert asked == set(product(names, {"own", "exempt", "look-alike"}))
    assert len(names) == 20


@pytest.mark.parametrize("policy", [policy for policy in POD_POLICIES if policy != "default-namespace"])
def test_every_row_of_the_table(policy: str) -> None:
    for _, where, name, request, kind in (row for row in TABLE if row[0] == policy):
        verdict = cluster().judge(policy, request)
        assert verdict.denied == (kind != "exempt"), (where, name, request.namespace)
        assert not verdict.error, (where, name, verdict.error)


def test_the_default_namespace_is_nobody_s() -> None:
    for name, request in requests(good()):
        for space, denied in {"default": True, "default-2": False, "xdefault": False, "kube-system": False}.items():
            assert cluster().judge("default-namespace", replace(request, namespace=space)).denied == denied, (
                name,
                space,
            )
