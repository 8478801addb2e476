"""The stacks of a stack set for every account: recorder, defaults and permissions boundary."""

from datetime import date

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.controls.detection import config_recorder

app = cdk.App()
cdk.Tags.of(app).add("application", "account-baseline")


def baseline(name: str, *, home: bool) -> cdk.Stack:
    """Create the stack; only the home Region records IAM and has the service-linked role and the boundary."""
    stack = cdk.Stack(app, name, synthesizer=cdk.BootstraplessSynthesizer())
    recorder = hardened.ConfigRecorder(stack, "Recorder", global_types=home, service_linked_role=home)
    hardened.AccountDefaults(stack, "Defaults")
    if home:
        hardened.PermissionsBoundary(stack, "Boundary")
    else:
        reason = "IAM is recorded in the home Region"
        hardened.waive(recorder, config_recorder, reason=reason, until=date(2027, 10, 31))
    return stack


baseline("BaselineHome", home=True)
baseline("BaselineElsewhere", home=False)
app.synth()
