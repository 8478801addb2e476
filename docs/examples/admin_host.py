"""A host from which operators reach the private API; only Session Manager can connect to it."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37", name="payments")

host = hardened.AdminHost(stack, "AdminHost", cluster=cluster)
cdk.CfnOutput(stack, "AdminHostId", value=host.resource.ref)
cdk.CfnOutput(stack, "SessionDocument", value=host.session_document.ref)

app.synth()
