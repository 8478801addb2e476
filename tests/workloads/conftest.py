"""A cluster with charts and the baseline, synthesized once."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.baseline import Namespace, Settings

SETTINGS = Settings(
    registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"],
    namespaces=[Namespace(name="payments", pod_identity=True), Namespace(name="orders")],
    kube_bench={"image": f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/kube-bench@sha256:{'1f' * 32}"},
)


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("workloads")))
    stack = cdk.Stack(app, "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    own = cdk.Stack(app, "Delivery")
    hardened.Workloads(
        own,
        "Workloads",
        cluster=cluster,
        baseline=SETTINGS,
        layer=KubectlV35Layer(own, "Layer"),
        alerts=hardened.alerts.Topic(own, "Alerts"),
    )
    return app.synth()


@pytest.fixture(scope="session")
def delivery(assembly: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = assembly.get_stack_by_name("Delivery").template["Resources"]
    return found


@pytest.fixture(scope="session")
def cluster_stack(assembly: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = assembly.get_stack_by_name("Payments").template["Resources"]
    return found
