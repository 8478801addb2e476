#!/usr/bin/env python3
"""The reference app: `cdk deploy --all` creates the foundation, the cluster, the registry and the detection."""

import aws_cdk as cdk
import cdk_nag

import hardened_eks as hardened
from stacks.composition import compose


def packs() -> list[cdk_nag.NagPack]:
    """Return the cdk-nag packs that the reference stacks must pass."""
    return [
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.PCIDSS321Checks(),
        cdk_nag.HIPAASecurityChecks(),
    ]


def build(app: cdk.App) -> None:
    """Add the reference stacks, and all plugins that check them, to `app`."""
    compose(app)
    cdk.Validations.of(app).add_plugins(hardened.Checks(), *packs())


if __name__ == "__main__":
    application = cdk.App()
    build(application)
    application.synth()
