"""The first cluster, and who hears of changes to it."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
stack = cdk.Stack(app, "Payments")
cdk.Tags.of(stack).add("application", "payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"])
role = cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
hardened.Detection(
    stack,
    "Detection",
    cluster=cluster,
    alerts=hardened.alerts.Email("on-call@example.com"),
    break_glass_role=role,
    trail="elsewhere",  # a trail that records the account, which this app does not create
)
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
