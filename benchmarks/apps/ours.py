"""The reference cluster: network, keys, cluster, node group, add-ons, access, repository; N times, M node groups each.

Environment: CLUSTERS (default 1), NODE_GROUPS (default 1), CHECKS (1 or 0, default 1), NAG=1 (the four cdk-nag packs),
BOTO3=1 (imports boto3, like an app that calls AWS during synthesis).
"""

import os

import aws_cdk as cdk

import hardened_eks as hardened

if os.environ.get("BOTO3") == "1":
    import boto3

    boto3.client("sts", region_name="eu-west-1")
app = cdk.App(context={"hardened-eks:dns_firewall": "block"})
for number in range(int(os.environ.get("CLUSTERS", "1"))):
    stack = cdk.Stack(app, f"Payments{number}")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.37")
    for group in range(int(os.environ.get("NODE_GROUPS", "1"))):
        cluster.add_node_group(f"general{group}", instance_types=["m7g.large"])
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
    hardened.Repository(stack, "Images", encryption_key=cluster.keys.images)
if os.environ.get("CHECKS", "1") == "1":
    cdk.Validations.of(app).add_plugins(hardened.Checks())
if os.environ.get("NAG") == "1":
    import cdk_nag

    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.PCIDSS321Checks(),
        cdk_nag.HIPAASecurityChecks(),
    )
app.synth()
