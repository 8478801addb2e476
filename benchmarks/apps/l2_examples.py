"""Small apps like the first examples in the CDK documentation of aws_eks and aws_eks_v2: no hardening, one stack each.

python -m benchmarks.apps.l2_examples DIRECTORY
"""

import sys
from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks as v1
from aws_cdk import aws_eks_v2 as v2
from aws_cdk import aws_iam as iam
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer
from constructs import Construct

_SETTINGS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"stage": "prod"}}


def _v1(scope: Construct, **options: object) -> v1.Cluster:
    layer = KubectlV35Layer(scope, "Kubectl")
    return v1.Cluster(scope, "Cluster", version=v1.KubernetesVersion.V1_35, kubectl_layer=layer, **options)


def _v2(scope: Construct, **options: object) -> v2.Cluster:
    return v2.Cluster(scope, "Cluster", version=v2.KubernetesVersion.V1_35, **options)


def v1_default(scope: Construct) -> None:
    """Create a cluster with the defaults: public endpoint, two m5.large instances."""
    _v1(scope)


def v1_workload(scope: Construct) -> None:
    """Create a cluster with a manifest, a chart and a role for a service account."""
    cluster = _v1(scope, default_capacity=0)
    cluster.add_nodegroup_capacity("workers", instance_types=[ec2.InstanceType("m5.large")], min_size=3)
    cluster.add_manifest("settings", _SETTINGS)
    cluster.add_helm_chart("nginx", chart="nginx-ingress", repository="https://helm.nginx.com/stable")
    account = cluster.add_service_account("reader")
    account.add_to_principal_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::data/*"]))


def v1_self_managed(scope: Construct) -> None:
    """Create a cluster with its own Auto Scaling group and an administrator."""
    cluster = _v1(scope, default_capacity=0, authentication_mode=v1.AuthenticationMode.API_AND_CONFIG_MAP)
    cluster.add_auto_scaling_group_capacity("workers", instance_type=ec2.InstanceType("t3.large"), min_capacity=2)
    admin = iam.Role(scope, "Admin", assumed_by=iam.AccountRootPrincipal())
    cluster.grant_access("admin", admin.role_arn, [v1.AccessPolicy.from_access_policy_name(
        "AmazonEKSClusterAdminPolicy", access_scope_type=v1.AccessScopeType.CLUSTER)])  # fmt: skip


def v1_load_balancer(scope: Construct) -> None:
    """Create a cluster with the AWS Load Balancer Controller."""
    _v1(scope, alb_controller=v1.AlbControllerOptions(version=v1.AlbControllerVersion.V2_8_2))


def v1_fargate(scope: Construct) -> None:
    """Create a cluster with only Fargate."""
    layer = KubectlV35Layer(scope, "Kubectl")
    v1.FargateCluster(scope, "Cluster", version=v1.KubernetesVersion.V1_35, kubectl_layer=layer)


def v2_default(scope: Construct) -> None:
    """Create a cluster with the defaults: Auto Mode, public endpoint."""
    _v2(scope)


def v2_nodes(scope: Construct) -> None:
    """Create a cluster with a node group, an add-on and an administrator."""
    cluster = _v2(scope, default_capacity_type=v2.DefaultCapacityType.NODEGROUP, default_capacity=0)
    cluster.add_nodegroup_capacity("workers", instance_types=[ec2.InstanceType("m5.large")], min_size=3)
    v2.Addon(scope, "Metrics", cluster=cluster, addon_name="metrics-server")
    admin = iam.Role(scope, "Admin", assumed_by=iam.AccountRootPrincipal())
    cluster.grant_cluster_admin("admin", admin.role_arn)


def v2_workload(scope: Construct) -> None:
    """Create a cluster with kubectl, a manifest, a chart and a role for a service account."""
    options = v2.KubectlProviderOptions(kubectl_layer=KubectlV35Layer(scope, "Kubectl"))
    cluster = _v2(scope, kubectl_provider_options=options)
    cluster.add_manifest("settings", _SETTINGS)
    cluster.add_helm_chart("nginx", chart="nginx-ingress", repository="https://helm.nginx.com/stable")
    cluster.add_service_account("reader")


def v2_fargate(scope: Construct) -> None:
    """Create a cluster with only Fargate."""
    options = v2.KubectlProviderOptions(kubectl_layer=KubectlV35Layer(scope, "Kubectl"))
    v2.FargateCluster(scope, "Cluster", version=v2.KubernetesVersion.V1_35, kubectl_provider_options=options)


EXAMPLES: tuple[Callable[[Construct], None], ...] = (
    v1_default, v1_workload, v1_self_managed, v1_load_balancer, v1_fargate,
    v2_default, v2_nodes, v2_workload, v2_fargate,
)  # fmt: skip


def synthesize(directory: str) -> None:
    """Write a cloud assembly for each example, in a directory with its name."""
    for example in EXAMPLES:
        name = example.__name__.replace("_", "-")
        app = cdk.App(outdir=f"{directory}/{name}")
        example(cdk.Stack(app, name))
        app.synth()


if __name__ == "__main__":
    synthesize(sys.argv[1])
