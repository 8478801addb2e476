"""Change the default add-ons, and add others."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(
    stack,
    "Cluster",
    version="1.37",
    addons=hardened.AddonOptions(
        versions={"coredns": "v1.12.4-eksbuild.1"},
        configurations={"vpc-cni": {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}},
        extra=["snapshot-controller"],
        exclude=["eks-node-monitoring-agent"],
    ),
)
cluster.add_addon("amazon-cloudwatch-observability")
app.synth()
