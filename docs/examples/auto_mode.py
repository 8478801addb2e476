"""EKS Auto Mode: AWS runs the nodes, from your own node pools."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(
    stack,
    "Cluster",
    version="1.37",
    auto_mode=hardened.AutoMode(
        pools=[
            hardened.AutoModePool(cpu_limit=64, memory_limit_gib=256),
            hardened.AutoModePool(name="batch", spot=True, max_lifetime_days=2, taints={"pool": "batch"}),
        ],
    ),
)
nodes = cluster.auto_mode_nodes
assert nodes is not None
cdk.Annotations.of(nodes).acknowledge_warning("hardened-eks:auto-mode-manifests", "our pipeline applies the output")
app.synth()
