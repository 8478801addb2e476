"""The EKS access policies of access entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

from hardened_eks.data.access_policies import NAMES
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """A set of Kubernetes permissions that EKS maintains.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
    """

    name: str
    """The name of the policy, for example ``AmazonEKSViewPolicy``."""

    CLUSTER_ADMIN: ClassVar[AccessPolicy]
    """Full access to everything. Only for the break-glass role."""
    ADMIN: ClassVar[AccessPolicy]
    """Full access within namespaces, except to quotas and the namespace itself."""
    EDIT: ClassVar[AccessPolicy]
    """Permission to change workloads."""
    VIEW: ClassVar[AccessPolicy]
    """Read access to most objects, without secrets."""
    ADMIN_VIEW: ClassVar[AccessPolicy]
    """Read access to everything, including secrets."""

    @classmethod
    def of(cls, name: str) -> AccessPolicy:
        """Return a policy by its name, for a policy that is newer than this library or has a special use.

        Args:
            name: name of the EKS access policy, for example ``AmazonEKSAutoNodePolicy``.

        Raises:
            ConfigurationError: the name begins neither with ``Amazon`` nor with ``AWS``.
        """
        problems = Problems("AccessPolicy")
        problems.extend(policy_name_problems(name))
        problems.raise_any()
        return cls(name)


def policy_name_problems(name: object) -> Iterator[str]:
    """Yield why a string cannot be the name of an EKS access policy."""
    if not isinstance(name, str) or not re.fullmatch(r"(Amazon|AWS)\w+", name):
        near = ", ".join(get_close_matches(str(name), NAMES, n=2)) or ", ".join(NAMES[:5])
        yield f"name needs the name of an EKS access policy such as {near}, got {name!r}"


AccessPolicy.CLUSTER_ADMIN = AccessPolicy("AmazonEKSClusterAdminPolicy")
AccessPolicy.ADMIN = AccessPolicy("AmazonEKSAdminPolicy")
AccessPolicy.EDIT = AccessPolicy("AmazonEKSEditPolicy")
AccessPolicy.VIEW = AccessPolicy("AmazonEKSViewPolicy")
AccessPolicy.ADMIN_VIEW = AccessPolicy("AmazonEKSAdminViewPolicy")
