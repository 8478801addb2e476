"""The same hook in every account of an organizational unit."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
stack = cdk.Stack(app, "EksHookEverywhere", synthesizer=cdk.BootstraplessSynthesizer())
hardened.OrganizationHook(
    stack,
    "Hook",
    organizational_units=["ou-ab12-abcdefgh"],
    regions=["eu-west-1", "eu-central-1"],
    code_bucket_prefix="acme-hook-code",
    alerts=lambda scope: hardened.alerts.Topic(scope, "Alerts"),
    tags={"application": "platform"},
)
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
