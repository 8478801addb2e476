"""Collectors of the AWS Distro for OpenTelemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._kinds import flag_problems
from hardened_eks.addons._controller import Controller, arn_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike


class AdotCollector(Controller):
    """Permissions for a collector of the AWS Distro for OpenTelemetry: it writes to the workspaces that you name.

    The add-on (``cluster.add_addon("adot")``, which needs cert-manager) installs an operator. Your
    OpenTelemetryCollector objects start collectors, each with a service account, and `service_account` gets the role.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        namespace: str,
        service_account: str,
        workspace_arns: Sequence[str] = (),
        traces: bool = False,
        scope: Construct | None = None,
        id: str = "AdotCollector",
    ) -> None:
        """Create the role, its policy and the VPC endpoints.

        Args:
            cluster: the cluster in which the controller runs.
            namespace: Kubernetes namespace of the collector.
            service_account: Kubernetes service account of the collector, which gets the role.
            workspace_arns: ARNs of workspaces of Amazon Managed Service for Prometheus to which it writes metrics.
                Default: none.
            traces: let it write traces to AWS X-Ray, which has no resource-level permissions. Default: no.
            scope: the parent construct. Default: the cluster.
            id: construct ID; a second collector needs another one. Default: ``AdotCollector``.

        Raises:
            ConfigurationError: an argument is invalid, or neither workspaces nor traces are given. The error lists all
                mistakes.
        """
        self._prepare(
            "adot-collector",
            cluster,
            scope,
            id,
            namespace=namespace,
            service_accounts=[service_account],
            problems=[
                *arn_problems("aps", workspace_arns=workspace_arns),
                *flag_problems(traces=traces),
                *([] if workspace_arns or traces else ["name a workspace (workspace_arns=), or pass traces=True"]),
            ],
        )
        parts = [*(["metrics"] if workspace_arns else []), *(["traces"] if traces else [])]
        self._allow([service_account], parts, {"workspaces": list(workspace_arns)})
