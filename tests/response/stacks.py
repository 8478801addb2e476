"""A stack with a cluster and its responses, as a run, as a dry run, and with approval."""

from typing import Any

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks import response

CLUSTER = "ledger"
ROLES = "arn:aws:iam::123456789012:role"
REPOSITORY = "ledger/api"


STACKS = ("Ledger", "Settings", "Images", "Evidence", "Dry", "Asked", "Broken")
"""What is deployed, in this order; a template of all would be longer than CreateStack takes."""


def app() -> cdk.App:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "ledger")
    stack = cdk.Stack(app, "Ledger")
    cluster = hardened.Cluster(stack, "Cluster", name=CLUSTER, version="1.36")
    alerts = hardened.alerts.Topic(stack, "Alerts")
    sessions = {"roles": [f"{ROLES}/ledger-app"]}

    def respond(name: str, *actions: Any, **more: Any) -> hardened.Response:
        given: dict[str, Any] = {"mode": "run", "trusted_automation": [f"{ROLES}/ledger-creator"], **more}
        return hardened.Response(
            cdk.Stack(app, name), "Response", cluster=cluster, alerts=alerts, actions=actions, **given
        )

    respond("Settings", response.CloseEndpoint(), response.RestoreLogging())
    images = response.QuarantineImage(
        repositories=[REPOSITORY], triggers=("ecr-scan", "inspector-scan", "inspector-image"),
        finding_severities=["CRITICAL", "HIGH=10"],
    )  # fmt: skip
    respond("Images", images, send_reports=False)
    respond(
        "Evidence",
        response.QuarantineNode(triggers=("guardduty-eks",)),
        response.RevokeSessions(**sessions, triggers=("guardduty-high",)),
        send_reports=False,
    )
    respond(
        "Dry",
        response.CloseEndpoint(triggers=()),
        response.RestoreLogging(triggers=()),
        response.QuarantineNode(),
        response.RevokeSessions(**sessions),
        response.QuarantineImage(repositories=[REPOSITORY]),
        mode="dry-run",
        send_reports=False,
    )
    respond(
        "Asked",
        response.CloseEndpoint(triggers=()),
        approval=response.Approval(approvers=[f"{ROLES}/security"], hours=1),
        send_reports=False,
    )
    respond("Broken", response.QuarantineNode(), send_reports=False)
    return app
