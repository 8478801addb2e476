"""The auditors' packs and the library's own controls find nothing in governance and recovery."""

from __future__ import annotations

import aws_cdk as cdk
import cdk_nag

import hardened_eks as hardened


def build() -> cdk.App:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "payments")
    stack = cdk.Stack(app, "Governance", termination_protection=True)
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    auditor = f"arn:{cdk.Aws.PARTITION}:iam::{cdk.Aws.ACCOUNT_ID}:role/auditor"
    custody = hardened.LogCustody(readers=[auditor], denied=["arn:aws:iam::*:role/hardened-eks-creator"])
    hardened.Trail(stack, "Trail", data_events="all", organization_id="o-exampleorg1", custody=custody)
    testing = hardened.RestoreTesting(role_reason="a restore that nobody tried is none", types=("EBS", "S3"))
    hardened.Backups(
        stack, "Backups", clusters=[cluster], alerts=hardened.alerts.Topic(stack, "Alerts"), restore_testing=testing,
        s3_volumes=True,
    )  # fmt: skip
    hardened.VeleroStore(stack, "Velero", cluster=cluster, lock_days=7)
    hardened.AccountDefaults(stack, "Defaults", vpc="block-ingress", vpc_exclusions={"vpc-0123abcd": "allow-egress"})
    cdk.Validations.of(app).add_plugins(
        hardened.Checks(scope="all"),
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )
    return app


def test_nothing_is_found() -> None:
    build().synth()
