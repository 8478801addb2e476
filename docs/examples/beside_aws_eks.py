"""A cluster of the CDK's own aws_eks_v2, with nodes, access and pod roles from this library."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_s3 as s3

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
vpc = ec2.Vpc(stack, "Vpc")
old = eks.Cluster(
    stack,
    "Old",
    cluster_name="payments",
    version=eks.KubernetesVersion.of("1.36"),
    vpc=vpc,
    default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
    default_capacity=0,
)

cluster = hardened.Cluster.from_cluster_attributes(
    stack,
    "Cluster",
    name="payments",
    version="1.36",
    vpc=vpc,
    security_group=old.cluster_security_group,
    node_security_group=old.cluster_security_group,
    endpoint=old.cluster_endpoint,
    certificate_authority=old.cluster_certificate_authority_data,
)
nodes = cluster.add_node_group("general", instance_types=["m7g.large"])
reader = hardened.PodRole(stack, "Reader", cluster=cluster, namespace="billing", service_account="reader")
s3.Bucket.from_bucket_name(stack, "Invoices", "payments-invoices").grant_read(reader)
for made in (nodes, reader):
    made.node.add_dependency(old)  # an imported cluster exists; this one does not yet
app.synth()
