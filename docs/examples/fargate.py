"""A cluster without nodes: CoreDNS and the pods of a team on AWS Fargate."""

from datetime import date

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.controls.control_plane import network_policy_enforced

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37", addons=hardened.AddonOptions.for_fargate())
hardened.waive(
    cluster,
    network_policy_enforced,
    reason="Fargate enforces none: each pod is on a machine of its own",
    until=date(2027, 10, 31),
)

cluster.add_fargate_profile("system", selectors=[hardened.FargateSelector.SYSTEM])
profile = cluster.add_fargate_profile("payments", selectors=[hardened.FargateSelector(namespace="payments-*")])
profile.add_role("Reader", namespace="payments-api", service_account="reader")
app.synth()
