"""A CloudFormation hook that evaluates everything that an account deploys."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "platform")
stack = cdk.Stack(app, "EksHook")
hardened.Hook(
    stack,
    "Hook",
    alerts=hardened.alerts.Topic(stack, "Alerts"),
    failure_mode="WARN",  # "FAIL" once the warnings are understood
    fail_on="high",
    waivers_parameter="/platform/eks-waivers",
)
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
