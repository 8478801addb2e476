"""A cluster in a VPC that the network team made."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Shared",
    vpc_id="vpc-0a1b2c3d4e5f60718",
    vpc_cidr_block="10.20.0.0/16",
    availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    isolated_subnet_ids=["subnet-0a1", "subnet-0b2", "subnet-0c3", "subnet-0d4", "subnet-0e5", "subnet-0f6"],
    isolated_subnet_names=["Nodes", "ControlPlane"],
    isolated_subnet_route_table_ids=["rtb-0a1", "rtb-0b2", "rtb-0c3", "rtb-0a1", "rtb-0b2", "rtb-0c3"],
)
network = hardened.Network(
    stack,
    "Network",
    vpc=vpc,
    node_subnets=ec2.SubnetSelection(subnet_group_name="Nodes"),
    control_plane_subnets=ec2.SubnetSelection(subnet_group_name="ControlPlane"),
    add_flow_logs=False,  # the network team has them
)
cluster = hardened.Cluster(stack, "Cluster", version="1.37", network=network)
cluster.add_node_group("general", instance_types=["m7g.large"])
app.synth()
