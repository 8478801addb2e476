"""Node groups for different work, in one cluster."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")

cluster.add_node_group("general", instance_types=["m7g.large"])
cluster.add_node_group(
    "batch",
    instance_types=["m7i.xlarge", "m7a.xlarge", "m6i.xlarge", "m6a.xlarge"],
    spot=True,
    scaling=hardened.Scaling(min=0, max=20),
    labels={"pool": "batch"},
    taints=[hardened.Taint(key="pool", value="batch")],
)
cluster.add_node_group(
    "inference",
    instance_types=["g6.xlarge"],
    nvidia=True,
    disk_gib=200,
    taints=[hardened.Taint(key="nvidia.com/gpu")],
)
cluster.add_node_group(
    "database",
    instance_types=["r7g.xlarge"],
    subnets=cluster.network.node_subnets[:1],
    version="1.37",
    release_version="1.66.0-0a1b2c3d",
)
cluster.add_node_group(
    "agents",
    instance_types=["m7i.large"],
    operating_system=hardened.OperatingSystem.AL2023,
    max_unavailable=2,
)
app.synth()
