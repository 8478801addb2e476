"""Peer: handwritten EKS L1s with a minimal network: private, logged, encrypted, one node group with IMDSv2."""

import json

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

app = cdk.App()
stack = cdk.Stack(app, "Peer")
vpc = ec2.Vpc(
    stack,
    "Vpc",
    max_azs=3,
    nat_gateways=0,
    subnet_configuration=[ec2.SubnetConfiguration(name="nodes", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
)
key = kms.Key(stack, "Key", enable_key_rotation=True)
role = iam.Role(
    stack,
    "Role",
    assumed_by=iam.ServicePrincipal("eks.amazonaws.com"),
    managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKSClusterPolicy")],
)
group = logs.LogGroup(stack, "Logs", log_group_name="/aws/eks/peer/cluster", retention=logs.RetentionDays.ONE_YEAR)
cluster = eks.CfnCluster(
    stack,
    "Cluster",
    name="peer",
    role_arn=role.role_arn,
    version="1.37",
    resources_vpc_config=eks.CfnCluster.ResourcesVpcConfigProperty(
        subnet_ids=[s.subnet_id for s in vpc.isolated_subnets],
        endpoint_private_access=True,
        endpoint_public_access=False,
    ),
    encryption_config=[
        eks.CfnCluster.EncryptionConfigProperty(
            provider=eks.CfnCluster.ProviderProperty(key_arn=key.key_arn), resources=["secrets"]
        )
    ],
    logging=eks.CfnCluster.LoggingProperty(
        cluster_logging=eks.CfnCluster.ClusterLoggingProperty(
            enabled_types=[
                eks.CfnCluster.LoggingTypeConfigProperty(type=t)
                for t in ("api", "audit", "authenticator", "controllerManager", "scheduler")
            ]
        )
    ),
    access_config=eks.CfnCluster.AccessConfigProperty(authentication_mode="API"),
)
cluster.node.add_dependency(group)
template = ec2.CfnLaunchTemplate(
    stack,
    "Template",
    launch_template_data=ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(
        metadata_options=ec2.CfnLaunchTemplate.MetadataOptionsProperty(
            http_tokens="required", http_put_response_hop_limit=1
        )
    ),
)
node_role = iam.Role(
    stack,
    "NodeRole",
    assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
    managed_policies=[
        iam.ManagedPolicy.from_aws_managed_policy_name(n)
        for n in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
    ],
)
eks.CfnNodegroup(
    stack,
    "Nodes",
    cluster_name=cluster.ref,
    node_role=node_role.role_arn,
    subnets=[s.subnet_id for s in vpc.isolated_subnets],
    ami_type="BOTTLEROCKET_ARM_64",
    instance_types=["m7g.large"],
    launch_template=eks.CfnNodegroup.LaunchTemplateSpecificationProperty(
        id=template.ref, version=template.attr_latest_version_number
    ),
)
for name in ("vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent"):
    eks.CfnAddon(
        stack,
        name,
        addon_name=name,
        cluster_name=cluster.ref,
        configuration_values=json.dumps({"enableNetworkPolicy": "true"}) if name == "vpc-cni" else None,
    )
ecr.CfnRepository(stack, "Images", image_tag_mutability="IMMUTABLE")
app.synth()
