"""Nodes that reach the internet through NAT gateways, and pods with their own address range."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
network = hardened.Network(
    stack,
    "Network",
    cidr="10.20.0.0/20",
    egress=hardened.Egress.NAT,
    pod_cidrs=["100.64.0.0/16"],
)
cluster = hardened.Cluster(stack, "Cluster", version="1.37", network=network)
cluster.add_node_group("general", instance_types=["m7g.large"])
app.synth()
