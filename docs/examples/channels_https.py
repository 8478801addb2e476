"""Tickets in ServiceNow, a message to your own endpoint, and the event itself to the security account."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")

SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Payments-alerts"
tickets = hardened.alerts.ServiceNow(instance="acme", secret=f"{SECRETS}/servicenow-AbCdEf", oauth=True)
endpoint = hardened.alerts.Https(
    "https://alerts.example.com/eks",
    f"{SECRETS}/endpoint-GhIjKl",
    header="X-Token",
    body={"what": "<title>", "more": "<text>", "how_bad": "<severity>", "same_as": "<key>", "facts": "<details>"},
)
security = hardened.alerts.EventBus("arn:aws:events:eu-west-1:111122223333:event-bus/security")

cluster.add_break_glass_role(
    trusted=["arn:aws:iam::123456789012:user/emergency/ana"],
    alerts=hardened.alerts.several(tickets, endpoint, security),
)

app.synth()
