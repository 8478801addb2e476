"""The peers' L2 clusters with the same settings spelled out, as far as their properties go."""

import json

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_eks as v1
from aws_cdk import aws_eks_v2 as v2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer
from constructs import IConstruct

ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "eks", "logs", "ssm", "ssmmessages", "sts")


def build(outdir: str) -> str:
    """Synthesize the stacks AwsEks and AwsEksV2, and return their cdk.out."""
    app = cdk.App(outdir=outdir)
    with_v1(cdk.Stack(app, "AwsEks"))
    with_v2(cdk.Stack(app, "AwsEksV2"))
    cdk.Tags.of(app).add("application", "payments")
    return app.synth().directory


def with_v1(stack: cdk.Stack) -> None:
    vpc, key, control_plane, nodes = surroundings(stack)
    cluster = v1.Cluster(
        stack, "Cluster", cluster_name="one", version=v1.KubernetesVersion.V1_35, vpc=vpc,
        vpc_subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)], security_group=control_plane,
        default_capacity=0, endpoint_access=v1.EndpointAccess.PRIVATE, secrets_encryption_key=key,
        cluster_logging=list(v1.ClusterLoggingTypes), authentication_mode=v1.AuthenticationMode.API,
        bootstrap_cluster_creator_admin_permissions=False, deletion_protection=True, place_cluster_handler_in_vpc=True,
        role=cluster_role(stack), kubectl_layer=KubectlV35Layer(stack, "Kubectl"),
    )  # fmt: skip
    template = launch_template(stack, nodes)
    cluster.add_nodegroup_capacity(
        "general", instance_types=[ec2.InstanceType("m7g.large")], ami_type=v1.NodegroupAmiType.BOTTLEROCKET_ARM_64,
        node_role=node_role(stack),
        launch_template_spec=v1.LaunchTemplateSpec(id=template.ref, version=template.attr_latest_version_number),
    )  # fmt: skip
    network_policy(v1.CfnAddon, stack, cluster.cluster_name)


def with_v2(stack: cdk.Stack) -> None:
    vpc, key, control_plane, nodes = surroundings(stack)
    group = logs.LogGroup(
        stack, "Logs", log_group_name="/aws/eks/one/cluster", retention=logs.RetentionDays.ONE_YEAR,
        encryption_key=kms.Key.from_key_arn(stack, "SameLogKey", stack.node.find_child("LogKey").key_arn),
    )  # fmt: skip
    cluster = v2.Cluster(
        stack, "Cluster", cluster_name="one", version=v2.KubernetesVersion.V1_35, vpc=vpc,
        vpc_subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)], security_group=control_plane,
        default_capacity=0, default_capacity_type=v2.DefaultCapacityType.NODEGROUP,
        endpoint_access=v2.EndpointAccess.PRIVATE, secrets_encryption_key=key,
        cluster_logging=list(v2.ClusterLoggingTypes), bootstrap_cluster_creator_admin_permissions=False,
        role=cluster_role(stack),
    )  # fmt: skip
    cluster.node.add_dependency(group)
    template = launch_template(stack, nodes)
    cluster.add_nodegroup_capacity(
        "general", instance_types=[ec2.InstanceType("m7g.large")], ami_type=v2.NodegroupAmiType.BOTTLEROCKET_ARM_64,
        node_role=node_role(stack),
        launch_template_spec=v2.LaunchTemplateSpec(id=template.ref, version=template.attr_latest_version_number),
    )  # fmt: skip
    network_policy(v1.CfnAddon, stack, cluster.cluster_name)


def surroundings(stack: cdk.Stack) -> tuple[ec2.Vpc, kms.Key, ec2.SecurityGroup, ec2.SecurityGroup]:
    traffic = logs.LogGroup(stack, "Traffic", retention=logs.RetentionDays.ONE_YEAR, encryption_key=log_key(stack))
    vpc = ec2.Vpc(
        stack, "Vpc", max_azs=2, nat_gateways=0, restrict_default_security_group=True,
        flow_logs={"all": ec2.FlowLogOptions(
            traffic_type=ec2.FlowLogTrafficType.ALL,
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(
                traffic, iam.Role(stack, "TrafficRole", assumed_by=for_us("vpc-flow-logs.amazonaws.com"))
            ),
        )},
        subnet_configuration=[ec2.SubnetConfiguration(name="own", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )  # fmt: skip
    asked = ec2.SecurityGroup(stack, "Endpoints", vpc=vpc, description="Who may call AWS", allow_all_outbound=False)
    asked.add_ingress_rule(ec2.Peer.ipv4(vpc.vpc_cidr_block), ec2.Port.tcp(443), "the VPC to AWS")
    for service in ENDPOINTS:
        endpoint = vpc.add_interface_endpoint(
            f"To {service}", service=ec2.InterfaceVpcEndpointAwsService(service), security_groups=[asked], open=False
        )
        endpoint.add_to_policy(ours())
    vpc.add_gateway_endpoint("To s3", service=ec2.GatewayVpcEndpointAwsService.S3).add_to_policy(ours())
    control_plane = ec2.SecurityGroup(
        stack, "ControlPlane", vpc=vpc, description="The control plane", allow_all_outbound=False
    )
    nodes = ec2.SecurityGroup(stack, "Nodes", vpc=vpc, description="The nodes", allow_all_outbound=False)
    nodes.add_egress_rule(ec2.Peer.ipv4(vpc.vpc_cidr_block), ec2.Port.tcp(443), "nodes to the API and to AWS")
    control_plane.add_ingress_rule(nodes, ec2.Port.tcp(443), "nodes to the API")
    control_plane.add_egress_rule(nodes, ec2.Port.tcp(10250), "the API to kubelets")
    nodes.add_ingress_rule(control_plane, ec2.Port.tcp(10250), "the API to kubelets")
    key = kms.Key(stack, "Key", enable_key_rotation=True, policy=key_policy())
    repository = ecr.Repository(
        stack, "Images", image_tag_mutability=ecr.TagMutability.IMMUTABLE, image_scan_on_push=True,
        encryption=ecr.RepositoryEncryption.KMS, encryption_key=kms.Key(stack, "ImageKey", enable_key_rotation=True, policy=key_policy()),
    )  # fmt: skip
    repository.add_lifecycle_rule(max_image_count=100)
    return vpc, key, control_plane, nodes


def ours() -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()], actions=["*"], resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalAccount": cdk.Aws.ACCOUNT_ID}},
    )  # fmt: skip


def for_us(service: str) -> iam.PrincipalWithConditions:
    return iam.ServicePrincipal(service).with_conditions({"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}})


def key_policy() -> iam.PolicyDocument:
    """The account's own statement, and grants for AWS services only."""
    everybody_else = {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(principals=[iam.AccountRootPrincipal()], actions=["kms:*"], resources=["*"]),
            iam.PolicyStatement(
                effect=iam.Effect.DENY, principals=[iam.AnyPrincipal()], actions=["kms:CreateGrant"], resources=["*"],
                conditions={"BoolIfExists": everybody_else},
            ),
        ]
    )  # fmt: skip


def cluster_role(stack: IConstruct) -> iam.Role:
    policies = [iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKSClusterPolicy")]
    return iam.Role(stack, "ClusterRole", assumed_by=for_us("eks.amazonaws.com"), managed_policies=policies)


def node_role(stack: IConstruct) -> iam.Role:
    names = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
    policies = [iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in names]
    return iam.Role(stack, "NodeRole", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"), managed_policies=policies)


def log_key(stack: IConstruct) -> kms.Key:
    key = kms.Key(stack, "LogKey", enable_key_rotation=True, policy=key_policy())
    key.grant_encrypt_decrypt(iam.ServicePrincipal(f"logs.{cdk.Aws.REGION}.amazonaws.com"))
    return key


def launch_template(stack: IConstruct, nodes: ec2.SecurityGroup) -> ec2.CfnLaunchTemplate:
    key = kms.Key(stack, "VolumeKey", enable_key_rotation=True, policy=key_policy()).key_arn
    return ec2.CfnLaunchTemplate(
        stack, "Template",
        launch_template_data={
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
            "blockDeviceMappings": [
                {"deviceName": name, "ebs": {"encrypted": True, "kmsKeyId": key, "volumeSize": size, "volumeType": "gp3"}}
                for name, size in (("/dev/xvda", 4), ("/dev/xvdb", 50))
            ],
            "monitoring": {"enabled": True},
            "securityGroupIds": [nodes.security_group_id],
        },
    )  # fmt: skip


def network_policy(addon: type, stack: IConstruct, cluster_name: str) -> None:
    addon(
        stack, "Cni", addon_name="vpc-cni", cluster_name=cluster_name,
        configuration_values=json.dumps({"enableNetworkPolicy": "true"}),
    )  # fmt: skip
