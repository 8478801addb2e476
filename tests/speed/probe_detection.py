"""Run in a process of its own: what a detection asks of Node, how many resources it makes, and the modules that are
loaded for it and for what governs an account. Prints JSON.
"""

import json
import sys

from tests.speed.probe import cdk, hardened, reference, requests, since  # counts from its import on

app = cdk.App()
reference(app, 9)
(stack,) = [child for child in app.node.children if isinstance(child, cdk.Stack)]
cluster = stack.node.find_child("Cluster")
topic = hardened.alerts.Topic(stack, "Alerts")
before = requests.copy()
hardened.Detection(stack, "Detection", cluster=cluster, alerts=topic, trail="elsewhere")
asked = since(before)
template = app.synth().get_stack_by_name(stack.stack_name).template
made = sum("Detection" in id_ or "HardenedAlerts" in id_ for id_ in template["Resources"])
account = cdk.Stack(cdk.App(), "Account", env=cdk.Environment(region="eu-west-1"))
hardened.Trail(account, "Trail")
hardened.AccountDefaults(account, "Defaults")
hardened.ConformancePacks(account, "Packs", recorder="existing")
loaded = sorted(name.removeprefix("aws_cdk.") for name in sys.modules if name.startswith("aws_cdk.aws_"))
print(json.dumps({"asked": asked, "resources": made, "loaded": loaded}))
