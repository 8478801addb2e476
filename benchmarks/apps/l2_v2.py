"""Peer: the aws_eks_v2 L2, configured as similarly as possible."""

import os

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_kms as kms

app = cdk.App()
stack = cdk.Stack(app, "Peer")
vpc = ec2.Vpc(stack, "Vpc", max_azs=3, nat_gateways=1)
key = kms.Key(stack, "Key", enable_key_rotation=True)
options = {}
if os.environ.get("KUBECTL") == "1":
    from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

    options["kubectl_provider_options"] = eks.KubectlProviderOptions(kubectl_layer=KubectlV35Layer(stack, "Kubectl"))
cluster = eks.Cluster(
    stack,
    "Cluster",
    version=eks.KubernetesVersion.V1_35,
    vpc=vpc,
    default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
    default_capacity=0,
    endpoint_access=eks.EndpointAccess.PRIVATE,
    secrets_encryption_key=key,
    cluster_logging=list(eks.ClusterLoggingTypes),
    **options,
)
cluster.add_nodegroup_capacity(
    "general", instance_types=[ec2.InstanceType("m7g.large")], ami_type=eks.NodegroupAmiType.BOTTLEROCKET_ARM_64
)
ecr.Repository(stack, "Images", image_tag_mutability=ecr.TagMutability.IMMUTABLE, encryption_key=key)
app.synth()
