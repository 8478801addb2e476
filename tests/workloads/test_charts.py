"""Charts from trusted places: refused when they are added, found when somebody else adds them."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.controls.kubernetes import charts_trusted
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate

REGISTRY = "oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts"


@pytest.fixture(scope="module")
def app() -> Any:
    """A trusted chart by `add_chart`, and two of somebody else in another stack."""
    app = cdk.App()
    stack, other = cdk.Stack(app, "Platform"), cdk.Stack(app, "Team")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    view = cluster.as_cdk_cluster
    hardened.TrustedCharts(stack, "More", repositories=["https://charts.example.com"])
    charts = hardened.TrustedCharts(stack, "Charts", repositories=[f"{REGISTRY}/", "oci://registry.example/team"])
    charts.add_chart("Web", cluster=view, repository=f"{REGISTRY}/web", version="1.4.2", create_namespace=False)
    for name, repository, version in (
        ("Listed", "oci://registry.example/team/a", "1.0.0"),
        ("Foreign", "oci://registry.example/teams/a", "1.0.0"),
        ("Range", "https://charts.example.com", "~1.0"),
    ):
        eks.HelmChart(other, name, cluster=view, chart="a", repository=repository, version=version)
    return app.synth()


def test_the_control_finds_every_other_chart_of_the_app(app: Any) -> None:
    templates = [Template(name, app.get_stack_by_name(name).template) for name in ("Platform", "Team")]
    outcome = evaluate(Assembly(templates), [charts_trusted])
    found = {(f.subject.name[:5], f.problem.path) for f in outcome.findings}
    assert found == {("Forei", "Repository"), ("Range", "Version")}


def test_places_of_several_lists_hold_together(app: Any) -> None:
    assert app.get_stack_by_name("Platform").template["Metadata"] == {
        "hardened-eks:trusted-charts": ["https://charts.example.com", REGISTRY, "oci://registry.example/team"]
    }


def test_the_trusted_chart_is_installed(app: Any) -> None:
    (chart,) = (
        r["Properties"]
        for r in app.get_stack_by_name("Platform").template["Resources"].values()
        if r["Type"] == "Custom::AWSCDK-EKS-HelmChart"
    )
    assert (chart["Repository"], chart["Version"]) == (f"{REGISTRY}/web", "1.4.2")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (REGISTRY, True), (f"{REGISTRY}/a/b", True), (f"{REGISTRY}-evil/a", False), (f"{REGISTRY}/../x", False),
        ("https://charts.example.com", False), (None, False),
    ],
)  # fmt: skip
def test_places_match_at_a_boundary(place: Any, expected: bool) -> None:
    charts = hardened.TrustedCharts(cdk.Stack(cdk.App(), "A"), "Charts", repositories=[REGISTRY])
    assert charts.trusts(place) is expected


def test_other_charts_are_refused_when_they_are_added() -> None:
    charts = hardened.TrustedCharts(cdk.Stack(cdk.App(), "A"), "Charts", repositories=[REGISTRY])
    with pytest.raises(ConfigurationError) as caught:
        charts.add_chart("Web", cluster=None, repository="https://charts.example.com", version="^1.4")  # type: ignore[arg-type]
    assert "is not one of oci://" in str(caught.value)
    assert "version needs one version such as '1.4.2', not a range, got '^1.4'" in str(caught.value)


@pytest.mark.parametrize(
    "repositories", [[], "oci://a", ["*"], ["oci://*/charts"], ["http://a.example"], [5], ["oci://a/../b"]]
)
def test_lists_that_are_none_are_refused(repositories: Any) -> None:
    with pytest.raises(ConfigurationError, match="repositories needs"):
        hardened.TrustedCharts(cdk.Stack(cdk.App(), "A"), "Charts", repositories=repositories)
