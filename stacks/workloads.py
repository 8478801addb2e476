from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

import hardened_eks as hardened
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from stacks.cluster import ClusterStack
    from stacks.detection import DetectionStack
    from stacks.settings import Settings


class WorkloadsStack(ReferenceStack):
    """The in-cluster baseline. An administrator applies the bootstrap after the cluster's stack and before this one."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Settings, cluster: ClusterStack, detection: DetectionStack
    ) -> None:
        """Apply the baseline of `settings` to `cluster`."""
        super().__init__(scope, id, settings=settings)
        self.workloads = hardened.Workloads(
            self,
            "Workloads",
            cluster=cluster.cluster,
            baseline=settings.workloads,
            layer=_layer(self, settings.version),
            mode=settings.workloads_mode,
            alerts=detection.channel,
        )
        cdk.Annotations.of(self.workloads).acknowledge_warning(
            "hardened-eks:workloads-mode", "the setting hardened-eks:workloads_mode decides when policies reject"
        )


def _layer(scope: Construct, version: str) -> lambda_.ILayerVersion:
    """Return the kubectl layer of the installed package for the cluster's version, or the version before or after."""
    wanted = list(_packages(version))
    for package in wanted:
        try:
            module: Any = importlib.import_module(f"aws_cdk.lambda_layer_kubectl_{package}")
        except ModuleNotFoundError:
            continue
        layer: lambda_.ILayerVersion = getattr(module, f"Kubectl{package.upper()}Layer")(scope, "Kubectl")
        return layer
    raise hardened.ConfigurationError(
        "hardened-eks:workloads",
        [f"kubectl for Kubernetes {version} is not installed: pip install aws-cdk.lambda-layer-kubectl-{wanted[0]}"],
    )


def _packages(version: str) -> Iterator[str]:
    minor = int(version.partition(".")[2])
    yield from (f"v{minor + skew}" for skew in (0, -1, 1))
