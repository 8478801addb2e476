"""Run in a process of its own: what a detection asks of Node, and how many resources it makes. Prints JSON."""

import json

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
print(json.dumps({"asked": asked, "resources": made}))
