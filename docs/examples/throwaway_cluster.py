"""A cluster for a day: deleting its stack deletes everything."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Sandbox")
cluster = hardened.Cluster(stack, "Cluster", version="1.37", deletion_protection=False)
cluster.add_node_group("general", instance_types=["m7g.large"])

cdk.RemovalPolicies.of(stack).destroy()
for construct in stack.node.find_all():
    if isinstance(construct, logs.CfnLogGroup):
        construct.deletion_protection_enabled = False

app.synth()
