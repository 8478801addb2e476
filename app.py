#!/usr/bin/env python3
"""The reference app: `cdk deploy --all` makes the foundation, the cluster and the registry."""

import os

import aws_cdk as cdk
import cdk_nag

import hardened_eks as hardened
from stacks.cluster import ClusterStack
from stacks.foundation import FoundationStack
from stacks.registry import RegistryStack
from stacks.settings import Settings


def build(app: cdk.App) -> None:
    """Compose the reference stacks and the checks into `app`."""
    settings = Settings.from_context(app.node, os.environ)
    environment = cdk.Environment(account=settings.account or None, region=settings.region or None)
    prefix = "HardenedEks"
    synthesizer = {"cloud_formation_execution_role": settings.creator_role_arn or None}

    def common() -> dict[str, object]:
        return {
            "settings": settings,
            "env": environment,
            "synthesizer": cdk.DefaultStackSynthesizer(**synthesizer),
            "termination_protection": True,
        }

    foundation = FoundationStack(app, f"{prefix}-Foundation", **common())
    ClusterStack(app, f"{prefix}-Cluster", foundation=foundation, **common())
    RegistryStack(app, f"{prefix}-Registry", foundation=foundation, **common())
    for key, value in settings.tags.items():
        cdk.Tags.of(app).add(key, value)

    cdk.Validations.of(app).add_plugins(
        hardened.Checks(),
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.PCIDSS321Checks(),
        cdk_nag.HIPAASecurityChecks(),
    )


if __name__ == "__main__":
    application = cdk.App()
    build(application)
    application.synth()
