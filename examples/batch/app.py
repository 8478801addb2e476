#!/usr/bin/env python3
"""Batch jobs on Spot: a small group that stays, and nodes that Karpenter starts for jobs and removes again."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

import hardened_eks as hardened

ACCOUNT, REGION = "123456789012", "us-east-1"
BOTTLEROCKET = "1.66.0"
"""Bottlerocket release of Karpenter's nodes. A new release replaces the nodes within their disruption budget."""


class Batch(cdk.Stack):
    """The cluster, Karpenter, and one role for the jobs."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account=ACCOUNT, region=REGION), termination_protection=True)
        self.cluster = hardened.Cluster(self, "Cluster", name="batch", version="1.37")
        # Karpenter itself and CoreDNS run on this group. Jobs do not.
        self.cluster.add_node_group("system", instance_types=["m7g.large"], scaling=hardened.Scaling(min=2, max=3))
        karpenter = self.cluster.add_karpenter(bottlerocket_version=BOTTLEROCKET, pools=[self._jobs()])
        cdk.Annotations.of(karpenter).acknowledge_warning(
            "hardened-eks:karpenter-objects", "the pipeline applies the output, as README.md describes"
        )
        self._one_role_for_jobs()

    def _jobs(self) -> hardened.KarpenterPool:
        return hardened.KarpenterPool(
            name="jobs",
            families=["c7i", "c7a", "m7i", "m7a", "r7i"],  # with more families, Spot runs out of capacity less often
            spot=True,
            cpu_limit=2000,
            max_lifetime_days=1,
            taints=[hardened.Taint(key="pool", value="jobs")],
        )

    def _one_role_for_jobs(self) -> None:
        runner = hardened.PodRole(self, "Runner", cluster=self.cluster, namespace="jobs", service_account="runner")
        s3.Bucket.from_bucket_name(self, "Input", "batch-input").grant_read(runner)
        s3.Bucket.from_bucket_name(self, "Output", "batch-output").grant_put(runner)


app = cdk.App()
cdk.Tags.of(app).add("application", "batch")
Batch(app, "Batch")
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
