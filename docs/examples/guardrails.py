"""Guardrails of an organization, in a stack of its management account."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "guardrails")
stack = cdk.Stack(app, "Guardrails", env=cdk.Environment(account="111122223333", region="us-east-1"))
guardrails = hardened.Guardrails(
    stack,
    "Guardrails",
    target_ids=["444455556666"],  # one account first, then its organizational unit
    organization_id="o-exampleorg1",
    creator_roles=["cluster-creator"],
    deployer_roles=["stacksets-exec-*", "AWSControlTowerExecution", "landing-zone-deploy"],
)
app.synth()
