"""A shared file system for pods: encrypted, mounted over TLS, backed up, and reachable only from the nodes."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"])
driver = cluster.add_addon("aws-efs-csi-driver")

group = ec2.SecurityGroup(stack, "Shared", vpc=cluster.network.vpc, allow_all_outbound=False)
shared = efs.FileSystem(
    stack,
    "FileSystem",
    vpc=cluster.network.vpc,
    vpc_subnets=ec2.SubnetSelection(subnets=list(cluster.network.node_subnets)),
    security_group=group,
    encrypted=True,
    kms_key=cluster.keys.volumes,
    enable_automatic_backups=True,
    removal_policy=cdk.RemovalPolicy.RETAIN,
)
shared.add_to_resource_policy(
    iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["*"],
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
)
shared.connections.allow_default_port_from(cluster.node_security_group)

# The policy replaces the default, which lets every client in. Nodes mount with this role and the option `iam`.
mounts = hardened.PodRole(stack, "Mounts", cluster=cluster, namespace="kube-system", service_account="efs-csi-node-sa")
iam.Grant.add_to_principal(
    grantee=mounts,
    actions=["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    resource_arns=[shared.file_system_arn],
)
driver.node.add_dependency(mounts)  # a pod that runs already gets no role
cdk.CfnOutput(stack, "SharedFileSystem", value=shared.file_system_id)

app.synth()
