"""What runs in the cluster: the baseline delivered from a stack, access logs, charts, GitOps."""

from hardened_eks.workloads._workloads import Workloads

__all__ = ["Workloads"]
