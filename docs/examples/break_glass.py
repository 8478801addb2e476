"""A break-glass role that is sealed until the person on call arms it with a context value."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", name="payments", version="1.37")

role = cluster.add_break_glass_role(
    trusted=["arn:aws:iam::123456789012:user/emergency/ana", "arn:aws:iam::123456789012:user/emergency/ben"],
    sealed=app.node.try_get_context("break-glass") != "armed",
)
cdk.CfnOutput(stack, "BreakGlassRoleArn", value=role.role_arn)

app.synth()
