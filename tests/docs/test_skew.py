"""kubectl layers and images that pages and examples use fit the Kubernetes version of their cluster."""

import re

import pytest

from tests.guides.lines import ROOT

LAYER = re.compile(r"\bKubectlV(\d+)Layer\(")
VERSION = re.compile(r"\bversion=\"1\.(\d+)\"")


def apps_with(pattern: re.Pattern[str]) -> list[str]:
    """Return the examples in which the pattern occurs."""
    files = [path for folder in ("docs/examples", "examples") for path in (ROOT / folder).rglob("*.py")]
    return sorted(
        path.relative_to(ROOT).as_posix() for path in files if pattern.search(path.read_text(encoding="utf-8"))
    )


def pairs(pattern: re.Pattern[str], source: str) -> list[tuple[int, int]]:
    """Return the minor version that the pattern finds, with that of each cluster."""
    return [(int(one), int(cluster)) for one in pattern.findall(source) for cluster in VERSION.findall(source)]


APPS = apps_with(LAYER)


def too_far(source: str) -> list[tuple[str, str]]:
    """Return the pairs of kubectl and cluster that are more than one minor version apart."""
    # https://kubernetes.io/releases/version-skew-policy/#kubectl
    found = pairs(LAYER, source)
    return [(f"kubectl 1.{one}", f"cluster 1.{cluster}") for one, cluster in found if abs(one - cluster) > 1]


def test_there_are_such_apps() -> None:
    assert {"docs/examples/helm_charts.py", "docs/examples/node_controllers.py"} <= set(APPS)


@pytest.mark.parametrize("path", APPS)
def test_kubectl_is_at_most_one_minor_version_away(path: str) -> None:
    assert too_far((ROOT / path).read_text(encoding="utf-8")) == []


def test_two_minor_versions_are_too_far() -> None:
    layer = 'add_kubectl(layer=KubectlV3{}Layer(stack, "L"))'
    cluster = 'hardened.Cluster(stack, "C", version="1.37")\n'
    assert too_far(cluster + layer.format(5)) == [("kubectl 1.35", "cluster 1.37")]
    assert too_far(cluster + layer.format(6)) == []


FIRST = {34: 47, 35: 53, 36: 61, 37: 66}
"""Map minor versions of Kubernetes to the minor version of the first Bottlerocket 1.x with images for them.

Source: https://github.com/bottlerocket-os/bottlerocket/blob/develop/CHANGELOG.md, read on 2026-11-30.
"""
BOTTLEROCKET = re.compile(r"(?:bottlerocket_version=|release_version=|BOTTLEROCKET = )\"1\.(\d+)\.\d+(?:-\w+)?\"")
NODES = apps_with(BOTTLEROCKET)


def too_old(source: str) -> list[tuple[str, str]]:
    """Return the pairs of a release of Bottlerocket and a cluster for which it has no image."""
    found = pairs(BOTTLEROCKET, source)
    return [(f"Bottlerocket 1.{one}", f"cluster 1.{cluster}") for one, cluster in found if one < FIRST[cluster]]


@pytest.mark.parametrize("path", NODES)
def test_the_release_has_an_image_for_the_cluster(path: str) -> None:
    assert too_old((ROOT / path).read_text(encoding="utf-8")) == []


def test_apps_pin_a_release() -> None:
    assert {"docs/examples/karpenter.py", "docs/examples/node_groups.py", "examples/batch/app.py"} <= set(NODES)


def test_a_release_before_the_first_image_is_too_old() -> None:
    nodes = (
        'cluster = hardened.Cluster(stack, "C", version="1.37")\ncluster.add_karpenter(bottlerocket_version="1.{}.0")'
    )
    assert too_old(nodes.format(64)) == [("Bottlerocket 1.64", "cluster 1.37")]
    assert too_old(nodes.format(66)) == []
