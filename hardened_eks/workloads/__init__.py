"""Workloads of the cluster: delivery of the baseline by a stack, access logs, charts, GitOps."""

from typing import TYPE_CHECKING, Any

from hardened_eks.workloads._access_logs import AccessLogs
from hardened_eks.workloads._argo_cd import ArgoCdCapability
from hardened_eks.workloads._charts import TrustedCharts

if TYPE_CHECKING:
    from hardened_eks.workloads._workloads import Workloads

__all__ = ["AccessLogs", "ArgoCdCapability", "TrustedCharts", "Workloads"]


def __getattr__(name: str) -> Any:
    """Import `Workloads` on first use, because it loads the whole baseline (PEP 562)."""
    if name != "Workloads":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hardened_eks.workloads._workloads import Workloads

    return Workloads
