"""The in-cluster baseline as data: namespaces, admission policies, network policies, roles and quotas.

Everything here is rendered from `Settings`, needs no cluster, and works on every EKS cluster: Pod Security Admission,
ValidatingAdmissionPolicy, RBAC, NetworkPolicy and quotas. No controller is installed.
"""

from __future__ import annotations

from hardened_eks.baseline.namespaces import Namespace
from hardened_eks.baseline.rendering import manifests
from hardened_eks.baseline.settings import Settings

__all__ = ["Namespace", "Settings", "manifests"]
