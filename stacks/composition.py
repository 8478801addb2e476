"""The composition of the reference stacks."""

import os

import aws_cdk as cdk

from stacks.cluster import ClusterStack
from stacks.cluster_rules import ClusterRulesStack
from stacks.detection import DetectionStack
from stacks.foundation import FoundationStack
from stacks.governance import GovernanceStack, GuardrailsStack, HookStack
from stacks.registry import RegistryStack
from stacks.settings import Settings
from stacks.workloads import WorkloadsStack


def compose(app: cdk.App) -> None:
    """Add the reference stacks to `app`."""
    settings = Settings.from_context(app.node, os.environ)
    foundation = FoundationStack(app, "HardenedEks-Foundation", settings=settings)
    cluster = ClusterStack(app, "HardenedEks-Cluster", settings=settings, foundation=foundation)
    RegistryStack(app, "HardenedEks-Registry", settings=settings, foundation=foundation)
    detection = DetectionStack(app, "HardenedEks-Detection", settings=settings, foundation=foundation, cluster=cluster)
    if settings.workloads:
        WorkloadsStack(app, "HardenedEks-Workloads", settings=settings, cluster=cluster, detection=detection)
    governance = None
    if settings.governance == "account":
        # The name has another prefix than the others, because the role that creates those must not reach this one.
        governance = GovernanceStack(app, "EksGovernance", settings=settings, cluster=cluster)
    if settings.trusted_registries:
        ClusterRulesStack(
            app,
            "HardenedEks-ClusterRules",
            settings=settings,
            cluster=cluster,
            detection=detection,
            governance=governance,
        )
    if settings.hook != "none":
        HookStack(app, "EksHook", settings=settings)
    if settings.guardrail_targets:
        GuardrailsStack(app, "EksGuardrails", settings=settings)
    for key, value in settings.tags.items():
        cdk.Tags.of(app).add(key, value)
