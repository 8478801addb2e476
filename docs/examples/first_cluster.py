"""The ten lines of the README."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
stack = cdk.Stack(app, "Payments")
cdk.Tags.of(stack).add("application", "payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"])
cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
