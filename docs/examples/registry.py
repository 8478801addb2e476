"""The account's registry, and a repository that a pipeline pushes to and the organization pulls from."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Images")
keys = hardened.Keys(stack, "Keys")

hardened.Registry(
    stack,
    "Registry",
    encryption_key=keys.images,
    pull_through=[hardened.PullThroughCache(prefix="quay", upstream="quay.io")],
)
hardened.Repository(
    stack,
    "Billing",
    encryption_key=keys.images,
    name="payments/billing",
    push=["arn:aws:iam::123456789012:role/pipeline"],
    organization_id="o-a1b2c3d4e5",
    mutable_tags=["dev-*"],
    lifecycle=hardened.Lifecycle(untagged_days=7),
)

app.synth()
