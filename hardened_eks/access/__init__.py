"""Access to clusters: access entries, the break-glass role, the creator role, a host to reach the private API."""

from typing import TYPE_CHECKING

from hardened_eks._lazy import importer

if TYPE_CHECKING:
    from hardened_eks.access._access_policy import AccessPolicy
    from hardened_eks.access._admin_host import AdminHost
    from hardened_eks.access._break_glass import BreakGlassRole
    from hardened_eks.access._creator import CreatorRole
    from hardened_eks.access._entry import AccessEntry
    from hardened_eks.access._identity_center import IdentityCenterTrust
    from hardened_eks.access._identity_provider import IdentityProvider

_HOMES = {
    "AccessEntry": "_entry",
    "AccessPolicy": "_access_policy",
    "AdminHost": "_admin_host",
    "BreakGlassRole": "_break_glass",
    "CreatorRole": "_creator",
    "IdentityCenterTrust": "_identity_center",
    "IdentityProvider": "_identity_provider",
}

__all__ = [
    "AccessEntry",
    "AccessPolicy",
    "AdminHost",
    "BreakGlassRole",
    "CreatorRole",
    "IdentityCenterTrust",
    "IdentityProvider",
]

__getattr__ = importer(__name__, _HOMES)
