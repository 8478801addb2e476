"""Statements on access to clusters and on changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.guardrails._words import Statement, deny, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.guardrails.settings import Settings

CHANGES: Final = (
    *("eks:Create*", "eks:Update*", "eks:Delete*", "eks:Associate*", "eks:Disassociate*", "eks:Register*"),
    *("eks:Deregister*", "eks:CancelUpdate", "eks:ActivateCertificateAuthority", "eks:TagResource"),
    *("eks:UntagResource", "eks:MutateViaKubernetesApi"),
)
"""All calls that change a cluster through the EKS API."""

_ROLE_CHANGES: Final = (
    *("iam:CreateRole", "iam:DeleteRole*", "iam:UpdateRole*", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"),
    *("iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:TagRole"),
    "iam:UntagRole",
)
_POLICIES: Final = "arn:*:eks::aws:cluster-access-policy/"
_POWERFUL_GROUPS: Final = ("break-glass", "hardened-eks:*")
"""Kubernetes groups that the in-cluster baseline trusts: its delivery and its administrators."""


def access(settings: Settings) -> Iterator[Statement]:
    """Yield the statements."""
    glass = roles(settings.break_glass_roles)
    change = roles(settings.break_glass_roles, settings.creator_roles, settings.deployer_roles)
    backup = roles(settings.backup_roles)
    # AWS Backup creates an access entry for its role, and restores the access entries of a cluster.
    yield deny("ChangeNothing", CHANGES, but=[*change, *backup])
    # The creator role may create only break-glass administrators, which are named in their access entry.
    names = [name.rpartition("/")[2] for name in settings.break_glass_roles]
    entries = [f"arn:*:eks:*:*:access-entry/*/role/*/{name}/*" for name in names]
    admin = {"ArnLike": {"eks:policyArn": f"{_POLICIES}AmazonEKSClusterAdminPolicy"}}
    yield deny("SecondAdmin", "eks:AssociateAccessPolicy", admin, not_resource=entries)
    wide = {
        "ArnLike": {"eks:policyArn": f"{_POLICIES}AmazonEKSAdminPolicy"},
        "StringNotEquals": {"eks:accessScope": "namespace"},
    }
    yield deny("AdminEverywhere", "eks:AssociateAccessPolicy", wide, not_resource=entries)
    full = {"ArnLike": {"eks:policyArn": f"{_POLICIES}AWSBackupFullAccess*"}}
    yield deny("BackupAdmin", "eks:AssociateAccessPolicy", full, but=[*glass, *backup])
    masters = {"ForAnyValue:StringLike": {"eks:kubernetesGroups": "system:*"}}
    yield deny("Masters", "eks:CreateAccessEntry", masters)
    powerful = {"ForAnyValue:StringLike": {"eks:kubernetesGroups": list(_POWERFUL_GROUPS)}}
    may = roles(settings.break_glass_roles, settings.creator_roles)
    yield deny("PowerfulGroups", "eks:CreateAccessEntry", powerful, but=may)
    ours = [f"arn:*:iam::{account}:*" for account in ("${aws:PrincipalAccount}", *settings.accounts)]
    foreign = {"ArnNotLike": {"eks:principalArn": ours}}
    yield deny("ForeignPrincipal", "eks:CreateAccessEntry", foreign, but=glass)
    # An alternative access path that no access entry shows.
    named = {"StringNotEquals": {"eks:issuerUrl": list(settings.issuers)}} if settings.issuers else None
    yield deny("IdentityProvider", "eks:AssociateIdentityProviderConfig", named, but=glass)
    pass_ = roles(settings.creator_roles, settings.deployer_roles)
    protected = roles(
        settings.break_glass_roles, settings.creator_roles, settings.deployer_roles, settings.backup_roles
    )
    yield deny("ProtectedRoles", _ROLE_CHANGES, but=pass_, resource=protected)
