"""Access to a cluster: access entries for roles, and the break-glass role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardened_eks._kinds import CONSTRUCT, is_a
from hardened_eks._principals import arn_of
from hardened_eks._tokens import is_literal
from hardened_eks.cluster._core import ClusterCore
from hardened_eks.cluster._names import digest
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from hardened_eks.access import AccessEntry, AccessPolicy, BreakGlassRole, IdentityCenterTrust
    from hardened_eks.alerts import AlertChannel


class ClusterAccess(ClusterCore):
    """A cluster with methods that give roles access to it."""

    def __init__(self, scope: Construct, id: str, *, name: str, arn: str, version: str | None) -> None:
        """Create the scope. Subclasses create its content."""
        super().__init__(scope, id, name=name, arn=arn, version=version)
        self._entries: dict[str, AccessEntry] = {}

    def add_break_glass_role(
        self,
        id: str = "BreakGlass",
        *,
        trusted: Sequence[iam.IPrincipal | iam.IUser | str | IdentityCenterTrust],
        sealed: bool = False,
        mfa_max_age_seconds: int = 900,
        alerts: AlertChannel | sns.ITopic | None = None,
    ) -> BreakGlassRole:
        """Add a cluster administrator for emergencies.

        Args:
            id: construct ID. Default: ``BreakGlass``.
            trusted: the people who may assume the role, as in `BreakGlassRole`.
            sealed: keep the role, but let nobody assume it. Default: not sealed.
            mfa_max_age_seconds: maximum age of the MFA authentication, 60 to 3600 seconds. Default: 900 seconds.
            alerts: channel or topic for a message when somebody assumes the role. Default: a new topic.

        Returns:
            The role.

        Raises:
            ConfigurationError: as `BreakGlassRole`.
        """
        from hardened_eks.access import BreakGlassRole

        return BreakGlassRole(
            self,
            id,
            cluster=self,
            trusted=trusted,
            sealed=sealed,
            mfa_max_age_seconds=mfa_max_age_seconds,
            alerts=alerts,
        )

    def grant_admin(self, principal: iam.IRole | str, *, namespaces: Sequence[str] = ()) -> AccessEntry:
        """Let a role administer namespaces: everything in them except quotas and the namespace itself.

        Kubernetes permissions of another kind need a new access entry, which EKS accepts only after the old one is
        deleted: remove the grant in one deployment and add the other one in the next. `AccessEntry` changes in place.

        Args:
            principal: the role, or its ARN.
            namespaces: the namespaces. Default: all.

        Returns:
            The access entry.

        Raises:
            ConfigurationError: an argument is invalid, or the role already has access. The error lists all mistakes.
        """
        from hardened_eks.access import AccessPolicy

        return self._grant("Admin", AccessPolicy.ADMIN, principal, namespaces)

    def grant_edit(self, principal: iam.IRole | str, *, namespaces: Sequence[str] = ()) -> AccessEntry:
        """Let a role change workloads.

        Kubernetes permissions of another kind need a new access entry, which EKS accepts only after the old one is
        deleted: remove the grant in one deployment and add the other one in the next. `AccessEntry` changes in place.

        Args:
            principal: the role, or its ARN.
            namespaces: the namespaces. Default: all.

        Returns:
            The access entry.

        Raises:
            ConfigurationError: an argument is invalid, or the role already has access. The error lists all mistakes.
        """
        from hardened_eks.access import AccessPolicy

        return self._grant("Edit", AccessPolicy.EDIT, principal, namespaces)

    def grant_view(self, principal: iam.IRole | str, *, namespaces: Sequence[str] = ()) -> AccessEntry:
        """Let a role read most objects, without secrets.

        Kubernetes permissions of another kind need a new access entry, which EKS accepts only after the old one is
        deleted: remove the grant in one deployment and add the other one in the next. `AccessEntry` changes in place.

        Args:
            principal: the role, or its ARN.
            namespaces: the namespaces. Default: all.

        Returns:
            The access entry.

        Raises:
            ConfigurationError: an argument is invalid, or the role already has access. The error lists all mistakes.
        """
        from hardened_eks.access import AccessPolicy

        return self._grant("View", AccessPolicy.VIEW, principal, namespaces)

    def _grant(
        self, kind: str, policy: AccessPolicy, principal: iam.IRole | str, namespaces: Sequence[str]
    ) -> AccessEntry:
        from hardened_eks.access._entry import CheckedEntry, EntryArguments

        arguments = EntryArguments.of(cluster=self, principal=principal, policy=policy, namespaces=namespaces)
        problems = Problems(f"grant_{kind.lower()} on cluster '{self.name}'")
        problems.extend(arguments.problems())
        arn = arguments.arn
        if isinstance(arn, str) and arn in self._entries:
            problems.add(f"{_full_name(principal)!r} already has access: grant a principal access once in a cluster")
        problems.raise_any()
        entry = CheckedEntry(self, f"{kind}{_label(principal)}", arguments)
        self._entries[arn] = entry
        return entry


def _label(principal: iam.IRole | str) -> str:
    """Return a construct ID that does not depend on other grants."""
    full = _full_name(principal)
    if not is_literal(full):
        return "Role"
    last = re.sub(r"[^A-Za-z0-9]+", "", full.rsplit("/", 1)[-1])
    return f"{last}{digest(full)}"


def _full_name(principal: iam.IRole | str) -> str:
    if isinstance(principal, str):
        return principal
    return principal.node.path if is_a(CONSTRUCT, principal) else arn_of(principal)
