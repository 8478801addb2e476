"""Karpenter, and a small managed node group on which Karpenter itself runs."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", name="payments", version="1.37")

cluster.add_node_group("system", instance_types=["m7g.large"], scaling=hardened.Scaling(min=2, max=3))
cluster.add_karpenter(
    bottlerocket_version="1.66.0",
    pools=[
        hardened.KarpenterPool(),
        hardened.KarpenterPool(
            name="batch",
            families=["m7i", "m7a", "c7i"],
            spot=True,
            cpu_limit=1000,
            max_lifetime_days=2,
            taints=[hardened.Taint(key="pool", value="batch")],
        ),
    ],
    tags={"team": "payments"},
)
app.synth()
