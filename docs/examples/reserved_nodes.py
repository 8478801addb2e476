"""Managed groups on reserved capacity, close together, with images of your own."""

from datetime import date

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

import hardened_eks as hardened
from hardened_eks.controls.nodes import container_os

app = cdk.App()
cdk.Tags.of(app).add("application", "research")
stack = cdk.Stack(app, "Research")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"], max_unavailable_percent=25, tags={"team": "platform"})
cluster.add_node_group(
    "training",
    instance_types=["p5.48xlarge"],
    nvidia=True,
    reservation=hardened.CapacityReservation(id="cr-0123456789abcdef0", block=True),
    placement_group=ec2.PlacementGroup(stack, "Near", strategy=ec2.PlacementGroupStrategy.CLUSTER),
    efa_cards=32,
    subnets=cluster.network.node_subnets[:1],
    scaling=hardened.Scaling(min=0, max=4),
    volumes=[hardened.NodeVolume(device="/dev/xvdc", size_gib=2000, iops=4000, throughput=1000)],
)
own = cluster.add_node_group(
    "own-image",
    instance_types=["m7g.large"],
    image=hardened.NodeImage(
        id="ami-0123456789abcdef0", kubernetes="1.37", built=date(2026, 11, 20), evidence="build 1234: CIS level 2"
    ),
)
hardened.waive(own, container_os, reason="the image team builds it weekly: build 1234", until=date(2027, 5, 31))
app.synth()
