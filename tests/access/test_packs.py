"""The auditors' packs find nothing in what the reference stacks do not hold: the creator role, the host, the registry."""

from __future__ import annotations

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_iam as iam

import hardened_eks as hardened


def build() -> cdk.App:
    app = cdk.App()
    hardened.CreatorRole(cdk.Stack(app, "Bootstrap"), "Creator", stack_prefix="HardenedEks")
    images = cdk.Stack(app, "Images")
    hardened.Registry(images, "Registry")
    hardened.Repository(images, "Repository", mutable_tags=["dev-*"])
    stack = cdk.Stack(app, "Access")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    hardened.AdminHost(stack, "Host", cluster=cluster)
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )
    return app


def test_the_packs_find_nothing() -> None:
    build().synth()


def test_the_packs_do_look() -> None:
    app = cdk.App()
    everything = iam.PolicyStatement(actions=["iam:*"], resources=["*"])
    iam.ManagedPolicy(cdk.Stack(app, "Bootstrap"), "Open", statements=[everything])
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks())
    with pytest.raises(RuntimeError, match="AwsSolutions-IAM5"):
        app.synth()
