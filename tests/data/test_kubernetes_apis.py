"""What becomes of API versions: the file is what its tool writes, and known facts are in it."""

import json
from importlib.resources import files

import pytest

from hardened_eks.data import kubernetes, kubernetes_apis
from hardened_eks.data.kubernetes_apis import Going, going
from tools import kubernetes_apis as tool

TEXT = files("hardened_eks.data").joinpath("kubernetes_apis.json").read_text("utf-8")


def test_the_file_is_what_the_tool_writes() -> None:
    assert tool.text(json.loads(TEXT)["read"]) == TEXT


def test_it_knows_every_version_that_clusters_may_have() -> None:
    assert kubernetes_apis.newest() == kubernetes.NEWEST
    assert "kubernetes-validate" in kubernetes_apis.source()


# https://kubernetes.io/docs/reference/using-api/deprecation-guide/
@pytest.mark.parametrize(
    ("api_version", "kind", "removed", "instead"),
    [
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.32", "flowcontrol.apiserver.k8s.io/v1"),
        (
            "flowcontrol.apiserver.k8s.io/v1beta2",
            "PriorityLevelConfiguration",
            "1.29",
            "flowcontrol.apiserver.k8s.io/v1",
        ),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27", "storage.k8s.io/v1"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2"),
        ("batch/v1beta1", "CronJob", "1.25", "batch/v1"),
        ("networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
        ("apps/v1beta2", "Deployment", "1.16", "apps/v1"),
    ],
)
def test_the_deprecation_guide(api_version: str, kind: str, removed: str, instead: str) -> None:
    found = going(api_version, kind)
    assert found is not None and (found.removed, found.instead) == (removed, instead)


def test_what_is_replaced_but_served() -> None:
    assert going("resource.k8s.io/v1beta1", "ResourceClaim") == Going(
        removed=None, deprecated="1.34", instead="resource.k8s.io/v1"
    )
    assert going("apps/v1", "Deployment") is None
    assert going("resource.k8s.io/v1", "ResourceClaim") is None
