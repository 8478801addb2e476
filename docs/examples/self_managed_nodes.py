"""Self-managed nodes: your own Auto Scaling group, hardened like a managed node group."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
alerts = hardened.alerts.Topic(stack, "Alerts")

nodes = cluster.add_self_managed_nodes(
    "general",
    instance_types=["m7g.large", "m7gd.large"],
    kubelet=hardened.KubeletSettings(max_pods=60),
    max_lifetime_days=7,
    alerts=alerts,
)
cdk.CfnOutput(stack, "TerminationQueue", value=nodes.handler.queue_url)
app.synth()
