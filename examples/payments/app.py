#!/usr/bin/env python3
"""Payments: one team, a network without a route to the internet, and alerts for everything that matters."""

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

import hardened_eks as hardened

ACCOUNT, REGION = "123456789012", "us-east-1"
ON_CALL = [f"arn:aws:iam::{ACCOUNT}:user/emergency/ana", f"arn:aws:iam::{ACCOUNT}:user/emergency/ben"]
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/payments-pipeline"
PAGER = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:alerts/pagerduty-AbCdEf"


class Payments(cdk.Stack):
    """The cluster, its image repositories, the role of its pods, the alerts, and the backups."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)
        keys = hardened.Keys(self, "Keys")
        network = hardened.Network(self, "Network", endpoints=["secretsmanager"], logs_key=keys.logs)
        self.cluster = hardened.Cluster(self, "Cluster", name="payments", version="1.37", network=network, keys=keys)
        self.cluster.add_node_group("general", instance_types=["m7g.large"])
        self.alerts = self._alerts(keys)
        self.on_call = self.cluster.add_break_glass_role(trusted=ON_CALL, alerts=self.alerts)
        self._images(keys)
        self._ledger_reads_its_password()
        self._watch()

    def _alerts(self, keys: hardened.Keys) -> hardened.AlertChannel:
        secret = secretsmanager.Secret.from_secret_complete_arn(self, "Pager", PAGER)
        pager = hardened.alerts.PagerDuty(secret=secret)
        mail = hardened.alerts.Email("payments-alerts@example.com", encryption_key=keys.notifications)
        return hardened.alerts.Route(critical=[pager, mail], high=[mail], medium=[mail])

    def _images(self, keys: hardened.Keys) -> None:
        hardened.Registry(self, "Registry", encryption_key=keys.images)
        for name in ("ledger", "gateway"):
            hardened.Repository(
                self, name.title(), name=f"payments/{name}", encryption_key=keys.images, push=[PIPELINE]
            )

    def _ledger_reads_its_password(self) -> None:
        password = secretsmanager.Secret.from_secret_complete_arn(
            self, "Password", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:payments/ledger-GhIjKl"
        )
        ledger = hardened.PodRole(self, "Reader", cluster=self.cluster, namespace="payments", service_account="ledger")
        password.grant_read(ledger)

    def _watch(self) -> None:
        hardened.Detection(
            self,
            "Detection",
            cluster=self.cluster,
            alerts=self.alerts,
            break_glass_role=self.on_call,
            watched_roles=[self.cluster.role],
            trail="elsewhere",  # the organization has one
        )
        hardened.AccessLogs(self, "AccessLogs", readers=[f"arn:aws:iam::{ACCOUNT}:role/auditor"])
        hardened.Backups(self, "Backups", clusters=[self.cluster], alerts=self.alerts)


app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
Payments(app, "Payments")
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
