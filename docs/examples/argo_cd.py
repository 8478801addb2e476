"""Argo CD, run by EKS and reached through the VPC, for two namespaces."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "GitOps", env=cdk.Environment(account="123456789012", region="eu-west-1"))
cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
argo = hardened.ArgoCdCapability(
    stack,
    "ArgoCd",
    cluster=cluster,
    identity_center="arn:aws:sso:::instance/ssoins-1234567890abcdef",
    vpc_endpoints=["vpce-0123456789abcdef0"],
    namespaces=["payments", "storefront"],
    admins=["b4d8e428-f011-70a1-5c3e-9f1de2e4b0aa"],
)
cdk.Annotations.of(argo).acknowledge_warning("hardened-eks:argo-cd-steps", "the platform team does both steps")
app.synth()
