"""Responses: detections start two, people start three; all are dry runs without the context `responses=run`."""

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks import response

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", name="payments", version="1.37")
alerts = hardened.alerts.Topic(stack, "Alerts")
pod_role = hardened.PodRole(stack, "Pod", cluster=cluster, namespace="billing", service_account="reader")

hardened.Response(
    stack,
    "Settings",
    cluster=cluster,
    alerts=alerts,
    actions=[response.CloseEndpoint(), response.RestoreLogging()],
    trusted_automation=["arn:aws:iam::123456789012:role/HardenedEksCreator"],
    mode=app.node.try_get_context("responses") or "dry-run",
)
hardened.Response(
    stack,
    "Evidence",
    cluster=cluster,
    alerts=alerts,
    actions=[
        response.QuarantineNode(),
        response.RevokeSessions(roles=[pod_role.role]),
        response.QuarantineImage(repositories=["payments/api"]),
    ],
    approval=response.Approval(approvers=["arn:aws:iam::123456789012:role/SecurityOnCall"]),
    mode=app.node.try_get_context("responses") or "dry-run",
    send_reports=False,  # the first Response sends the reports of both
)

app.synth()
