"""Access to clusters: access entries, the break-glass role, the creator role, a host to reach the private API."""

from hardened_eks.access._admin_host import AdminHost
from hardened_eks.access._break_glass import BreakGlassRole
from hardened_eks.access._creator import CreatorRole
from hardened_eks.access._entry import AccessEntry, AccessPolicy
from hardened_eks.access._identity_center import IdentityCenterTrust
from hardened_eks.access._identity_provider import IdentityProvider

__all__ = [
    "AccessEntry",
    "AccessPolicy",
    "AdminHost",
    "BreakGlassRole",
    "CreatorRole",
    "IdentityCenterTrust",
    "IdentityProvider",
]
