"""The creator role and an app with Helm charts and manifests: what more it may do, and that it is no more."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template
from aws_cdk.aws_s3_assets import Asset
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.baseline import Namespace, Settings
from hardened_eks.errors import ConfigurationError
from tests.access.creator_calls import Call, Calls
from tests.access.creator_foreign import foreign
from tests.access.creator_role import allows, asked, refused, statements_of
from tests.access.creator_stacks import Made, made_of
from tests.access.test_creator import LONGEST_POLICY, MOST_POLICIES
from tests.access.test_creator import resolve as longest
from tests.access.test_creator_reach import needless_or_loose

CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "payments"}}


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """An app with a HelmChart, a KubernetesManifest and the in-cluster baseline."""
    chart = tmp_path_factory.mktemp("chart")
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 0.1.0\n")
    app = cdk.App()
    stack = cdk.Stack(app, "HardenedEks-Charts")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    view = cluster.as_cdk_cluster
    asset = Asset(stack, "Chart", path=str(chart))
    eks.HelmChart(stack, "Web", cluster=view, chart_asset=asset, namespace="payments", create_namespace=False)
    eks.KubernetesManifest(stack, "Settings", cluster=view, manifest=[CONFIG_MAP])
    baseline = Settings(namespaces=[Namespace(name="payments")])
    hardened.Workloads(stack, "Workloads", cluster=cluster, baseline=baseline, layer=KubectlV35Layer(stack, "Layer2"))
    return made_of({stack.stack_name: app.synth().get_stack_by_name(stack.stack_name).template})


@pytest.fixture(scope="module")
def wide() -> list[dict[str, Any]]:
    return statements_of(kubectl=True)


@pytest.fixture(scope="module")
def chart_calls(charts: list[Made]) -> list[Call]:
    return Calls(charts).all()


def test_it_deploys_such_an_app(wide: list[dict[str, Any]], chart_calls: list[Call]) -> None:
    assert {"lambda:PublishLayerVersion", "s3:GetObject", "kms:Encrypt"} <= {c.request.action for c in chart_calls}
    assert refused(wide, chart_calls) == []


def test_it_does_so_only_where_it_is_told(narrow: list[dict[str, Any]], chart_calls: list[Call]) -> None:
    assert {line.split(" ")[0] for line in refused(narrow, chart_calls)} == {
        "iam:AttachRolePolicy", "iam:DetachRolePolicy", "kms:Decrypt", "kms:Encrypt", "lambda:DeleteLayerVersion",
        "lambda:GetLayerVersion", "lambda:PublishLayerVersion", "s3:GetObject",
    }  # fmt: skip


ATTACKS = [
    ("s3:GetObject", "s3:::payroll/file", {}),
    ("s3:GetObject", "s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/code.zip", {}),
    ("s3:GetObject", "s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/code.zip", {"aws:ResourceAccount": "111122223333"}),
    ("s3:PutObject", "s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/code.zip", {}),
    ("lambda:DeleteLayerVersion", "lambda:R:layer:payroll:1", {}),
    ("lambda:PublishLayerVersion", "lambda:R:layer:KubectlLayer600207B5", {}),
    ("lambda:AddLayerVersionPermission", "lambda:R:layer:HardenedEks-1:1", {}),
    ("iam:AttachRolePolicy", "iam::role/HardenedEks-1", {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "Payments-1", "kms:ViaService": "lambda.eu-central-1.amazonaws.com"}),
    ("kms:Decrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
    ("kms:Encrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1"}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "resource", "context"), ATTACKS)
def test_what_stays_out_of_reach(
    wide: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]
) -> None:
    assert not allows(wide, asked(action, resource, context))


def test_every_part_of_what_is_more_is_needed_and_as_narrow_as_can_be(
    wide: list[dict[str, Any]], narrow: list[dict[str, Any]], calls: list[Call], chart_calls: list[Call]
) -> None:
    all_calls = [*calls, *chart_calls]
    attacks = [asked(*one) for one in ATTACKS]
    denied = attacks + [o.request for c in chart_calls for o in foreign(c) if not allows(wide, o.request)]
    added = [statement for statement in wide if statement not in narrow]
    assert len(added) == 4  # layers, code, key, and the policy that may be attached
    assert "\n".join(needless_or_loose(wide, added, all_calls, denied)) == ""


def test_the_policies_fit_with_the_longest_names() -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(
        stack, "Creator", stack_prefix="Q" * 24, permissions_boundary="b" * 128, cluster_prefix="c" * 40,
        repository_prefixes=[f"{number}{'r' * 99}" for number in range(5)], adopt_untagged=True, kubectl=True,
    )  # fmt: skip
    policies = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    lengths = [len(json.dumps(longest(p["Properties"]["PolicyDocument"]), separators=(",", ":"))) for p in policies]
    assert len(lengths) <= MOST_POLICIES
    assert max(lengths) < LONGEST_POLICY


def test_fails_when_kubectl_is_no_flag() -> None:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    with pytest.raises(ConfigurationError, match="kubectl needs True or False, got 'yes'"):
        hardened.CreatorRole(stack, "Creator", stack_prefix="HardenedEks", kubectl="yes")  # type: ignore[arg-type]


class TestLayersAreNamedAfterTheirStack:
    def names(self, *scopes: cdk.Stack) -> list[str]:
        for scope in scopes:
            cluster = hardened.Cluster(scope, "Cluster", version="1.35")
            cluster.add_kubectl(layer=KubectlV35Layer(scope, "Layer"), namespaces=["payments"])
        return [
            resource["Properties"].get("LayerName", "")
            for scope in scopes
            for resource in Template.from_stack(scope).find_resources("AWS::Lambda::LayerVersion").values()
        ]

    def test_so_that_stacks_share_none(self) -> None:
        app = cdk.App()
        long = "HardenedEks-" + "X" * 100
        names = self.names(cdk.Stack(app, f"{long}1"), cdk.Stack(app, f"{long}2"))
        assert len(set(names)) == 4
        assert all(name.startswith("HardenedEks-") and len(name) <= 66 for name in names)

    def test_in_a_nested_stack_after_the_whole(self) -> None:
        stack = cdk.Stack(cdk.App(), "HardenedEks")
        names = self.names(cdk.NestedStack(stack, "Nested"))
        assert len(names) == 2 and all(name.startswith("HardenedEks-") for name in names)

    def test_but_for_one_that_has_a_name(self, tmp_path: Path) -> None:
        stack = cdk.Stack(cdk.App(), "HardenedEks")
        cluster = hardened.Cluster(stack, "Cluster", version="1.35")
        code = lambda_.Code.from_asset(str(tmp_path))
        layer = lambda_.LayerVersion(stack, "Layer", code=code, layer_version_name="ours")
        cluster.add_kubectl(layer=layer, namespaces=["payments"])
        Template.from_stack(stack).has_resource_properties("AWS::Lambda::LayerVersion", {"LayerName": "ours"})
