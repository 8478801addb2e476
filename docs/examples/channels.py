"""Alerts by severity: the pager for urgent ones, the chat for today's, a mailing list for the rest."""

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")

pager = hardened.alerts.PagerDuty(
    secret=secretsmanager.Secret.from_secret_complete_arn(
        stack, "Pager", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:Payments-alerts/pagerduty-AbCdEf"
    ),
    service_region="eu",
)
chat = hardened.alerts.Slack(workspace_id="T0123ABCD", channel_id="C0123ABCD")
mail = hardened.alerts.Email("eks-alerts@example.com")
alerts = hardened.alerts.Route(critical=[pager, chat, mail], high=[chat, mail], medium=[mail])

cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/emergency/ana"], alerts=alerts)

app.synth()
