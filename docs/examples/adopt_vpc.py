"""A cluster in a VPC of the network team."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

import hardened_eks as hardened
from hardened_eks.controls.nodes import private_subnets

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Shared",
    vpc_id="vpc-0a1b2c3d4e5f60718",
    vpc_cidr_block="10.20.0.0/16",
    availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    isolated_subnet_ids=[f"subnet-0a1b2c3d{number}" for number in range(1, 7)],
    isolated_subnet_names=["Nodes", "ControlPlane"],
    isolated_subnet_route_table_ids=[f"rtb-0a1b2c3d{number}" for number in (1, 2, 3, 1, 2, 3)],
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

# No template shows the routes of these subnets. Somebody checked them, and will check them again.
hardened.waive(cluster, private_subnets, reason="no route to a gateway: seen on 2026-11-21, NET-42", until="2027-11-20")
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
