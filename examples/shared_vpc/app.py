#!/usr/bin/env python3
"""Clusters in a VPC that a network account shares; that account owns the subnets, endpoints and flow logs."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

import hardened_eks as hardened
from hardened_eks.controls.nodes import private_subnets

ACCOUNT, REGION = "123456789012", "us-east-1"
ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]


class Shared(cdk.Stack):
    """The VPC that AWS Resource Access Manager shares with this account, and the keys."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)
        self.keys = hardened.Keys(self, "Keys")
        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id="vpc-0a1b2c3d4e5f60718",
            vpc_cidr_block="10.20.0.0/16",
            availability_zones=ZONES,
            isolated_subnet_ids=[f"subnet-0a1b2c3d4e5f6071{number}" for number in range(1, 7)],
            isolated_subnet_names=["Nodes", "ControlPlane"],
            isolated_subnet_route_table_ids=[f"rtb-0a1b2c3d4e5f6071{number}" for number in (1, 2, 3, 1, 2, 3)],
        )
        self.network = hardened.Network(
            self,
            "Network",
            vpc=vpc,
            node_subnets=ec2.SubnetSelection(subnet_group_name="Nodes"),
            control_plane_subnets=ec2.SubnetSelection(subnet_group_name="ControlPlane"),
            add_endpoints=False,
            add_flow_logs=False,
            dns=hardened.Dns(mode=hardened.DnsMode.OFF, log_retention_days=None),  # its owner has both
        )


class Team(cdk.Stack):
    """The cluster of one team. All teams share the network and the keys."""

    def __init__(self, scope: cdk.App, id: str, *, shared: Shared) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)
        self.cluster = hardened.Cluster(
            self, "Cluster", name=id.lower(), version="1.37", network=shared.network, keys=shared.keys
        )
        self.cluster.add_node_group("general", instance_types=["m7g.large"])
        self.cluster.add_break_glass_role(trusted=[f"arn:aws:iam::{ACCOUNT}:user/emergency/ana"])
        # No template shows the routes of these subnets. Somebody checked them, and will check them again.
        hardened.waive(
            self.cluster,
            private_subnets,
            reason="no route to a gateway: seen on 2026-11-21, NET-42",
            until="2027-11-20",
        )


app = cdk.App()
cdk.Tags.of(app).add("application", "teams")
shared = Shared(app, "Shared")
Team(app, "Orders", shared=shared)
Team(app, "Stock", shared=shared)
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
