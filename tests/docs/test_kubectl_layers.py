"""The kubectl layers that pages and examples use fit the Kubernetes version of their cluster."""

import re

import pytest

from tests.guides.lines import ROOT

LAYER = re.compile(r"\bKubectlV(\d+)Layer\(")
VERSION = re.compile(r"\bversion=\"1\.(\d+)\"")
APPS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("docs/examples", "examples")
    for path in (ROOT / folder).rglob("*.py")
    if LAYER.search(path.read_text(encoding="utf-8"))
)


def too_far(source: str) -> list[tuple[str, str]]:
    """Return the pairs of kubectl and cluster that are more than one minor version apart."""
    # https://kubernetes.io/releases/version-skew-policy/#kubectl
    return [
        (f"kubectl 1.{kubectl}", f"cluster 1.{cluster}")
        for kubectl in LAYER.findall(source)
        for cluster in VERSION.findall(source)
        if abs(int(kubectl) - int(cluster)) > 1
    ]


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
