"""Admission policies: one file for each policy, and the explicit tuple of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.baseline.policies import (
    automount_token,
    capabilities,
    default_namespace,
    endpoint_slices,
    exec,  # noqa: A004 - the policy's name
    gateway_load_balancer,
    host_access,
    image_pinned,
    ingress,
    namespace_labels,
    network_policy,
    non_root,
    priority,
    privilege_escalation,
    rbac,
    read_only_rootfs,
    resources,
    seccomp,
    secret_env,
    security_profiles,
    service,
    trusted_registry,
)

if TYPE_CHECKING:
    from hardened_eks.baseline.policies.model import Policy

POLICIES: Final[tuple[Policy, ...]] = (
    trusted_registry.POLICY,
    image_pinned.POLICY,
    privilege_escalation.POLICY,
    non_root.POLICY,
    read_only_rootfs.POLICY,
    capabilities.POLICY,
    seccomp.POLICY,
    security_profiles.POLICY,
    host_access.POLICY,
    resources.POLICY,
    priority.POLICY,
    secret_env.POLICY,
    default_namespace.POLICY,
    automount_token.POLICY,
    service.POLICY,
    ingress.POLICY,
    gateway_load_balancer.POLICY,
    network_policy.POLICY,
    endpoint_slices.POLICY,
    exec.POLICY,
    namespace_labels.POLICY,
    rbac.POLICY,
)
"""Every admission policy, in the order of the documentation."""
