"""Settings of the guardrails: the exempt roles, and the protected resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.data import kubernetes
from hardened_eks.guardrails.model import BOUNDARY

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLE: Final = regex(r"[\w+=,.@/*?-]{1,128}", re.ASCII)
_FIXED: Final = 6
"""The minimum number of fixed characters in a pattern."""
_ACCOUNT: Final = regex(r"[0-9]{12}")
_ORGANIZATION: Final = regex(r"o-[a-z0-9]{10,32}")
_LOG_GROUP: Final = regex(r"[\w./#*-]{1,512}", re.ASCII)
_PREFIX: Final = regex(r"[A-Za-z0-9_-]{1,100}")
_ISSUER: Final = regex(r"https://[^\s?#*@]{1,500}")
_POLICY: Final = regex(r"[\w+=,.@/-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings. Roles are names or patterns with ``*`` and ``?``, including the path: ``service-role/Backup``."""

    break_glass_roles: tuple[str, ...] = ("*BreakGlass*", "*break-glass*")
    """Break-glass roles, the only administrators of clusters. They are exempt from the shape and access guardrails, but
    not from the evidence guardrail."""
    creator_roles: tuple[str, ...] = ("hardened-eks-creator*",)
    """Roles with which CloudFormation creates clusters (`hardened.CreatorRole`). They may change existing clusters; new
    clusters must have the hardened settings."""
    deployer_roles: tuple[str, ...] = (
        "stacksets-exec-*",
        "AWSCloudFormationStackSetExecutionRole",
        "AWSControlTowerExecution",
    )
    """Roles that roll out the organization's own settings. They may change existing resources, including evidence."""
    backup_roles: tuple[str, ...] = ("service-role/AWSBackupDefaultServiceRole", "*BackupsRole*")
    """Roles that AWS Backup assumes. Backing up a cluster creates an access entry for them."""
    accounts: tuple[str, ...] = ()
    """Other accounts whose principals may get an access entry, and whose keys may encrypt a cluster. The account of a
    cluster is always allowed."""
    organization_id: str = ""
    """The ID of the organization, ``o-...``. Resource control policies need it."""
    partners: tuple[str, ...] = ()
    """Accounts outside the organization that may access its buckets, keys, queues, secrets, repositories and logs."""
    issuers: tuple[str, ...] = ()
    """URLs of OIDC issuers that clusters may trust, exactly as `hardened.IdentityProvider` names them. Empty: only a
    break-glass role can attach an identity provider."""
    log_groups: tuple[str, ...] = ("/aws/eks/*", "/aws/cloudtrail/*", "/aws/vpc/*")
    """Log groups with evidence, as names or patterns."""
    oldest_version: str = ""
    """The oldest Kubernetes version with which a cluster may be created. Empty: the oldest version in standard support
    when the data of this library was read."""
    name_prefix: str = "hardened-eks"
    """The prefix of the names of the organization policies."""
    boundary: str = BOUNDARY
    """The name of the permissions boundary, with its path."""
    partition: str = "aws"
    """The partition of the permissions boundary. The other policies work in every partition."""

    def too_old(self) -> tuple[str, ...]:
        """Return the known Kubernetes versions that new clusters must not use."""
        oldest = kubernetes.minor(self.oldest_version or kubernetes.supported(kubernetes.READ)[0])
        return tuple(name for name in kubernetes.VERSIONS if kubernetes.minor(name) < oldest)


def problems_of(settings: Settings) -> Iterator[str]:
    """Yield every mistake with the name of the argument, the value and the allowed values."""
    for name in _LISTS:
        value = getattr(settings, name)
        if not isinstance(value, tuple | list):
            yield f"{name} needs a list of strings, got {value!r}"
            continue
        for item in value:
            yield from _item_problems(name, item)
    for name in ("break_glass_roles", "creator_roles"):
        if not getattr(settings, name):
            yield f"{name} is empty, so nobody could change a cluster: list at least one role"
    yield from _organization_problems(settings)
    known = kubernetes.VERSIONS
    if settings.oldest_version != "" and settings.oldest_version not in tuple(known):
        yield f"oldest_version needs one of {', '.join(known)}, got {settings.oldest_version!r}"
    if not isinstance(settings.name_prefix, str) or not _PREFIX.fullmatch(settings.name_prefix):
        yield f"name_prefix needs 1 to 100 letters, digits, '-' or '_', got {settings.name_prefix!r}"
    if not isinstance(settings.boundary, str) or not _POLICY.fullmatch(settings.boundary):
        yield (
            "boundary needs the name of a policy, with its path but not its ARN, 1 to 128 letters, digits or "
            f"+=,.@-_/, got {settings.boundary!r}"
        )


def _organization_problems(settings: Settings) -> Iterator[str]:
    if not isinstance(settings.organization_id, str) or (
        settings.organization_id and not _ORGANIZATION.fullmatch(settings.organization_id)
    ):
        yield (
            "organization_id needs the ID of an organization, o- and 10 to 32 characters, got "
            f"{settings.organization_id!r}"
        )
    elif settings.partners and not settings.organization_id:
        yield "partners needs organization_id: only a resource control policy of an organization names its partners"


def _item_problems(name: str, item: object) -> Iterator[str]:
    text = item if isinstance(item, str) else ""
    if name in {"accounts", "partners"}:
        if not _ACCOUNT.fullmatch(text):
            yield f"{name} needs account IDs of 12 digits, got {item!r}"
        return
    if name == "issuers":
        if not _ISSUER.fullmatch(text):
            yield f"issuers needs https URLs without query, fragment, user name and '*', got {item!r}"
        return
    if name == "log_groups":
        if not _LOG_GROUP.fullmatch(text):
            yield f"{name} needs names or patterns of log groups, 1 to 512 letters, digits or _./#*-, got {item!r}"
        return
    if text.startswith("arn:"):
        name_alone = text.partition("role/")[2] or "NAME"
        yield f"{name} needs names of roles without the ARN, got {item!r}: pass {name_alone!r}"
    elif not _ROLE.fullmatch(text):
        yield f"{name} needs names or patterns of roles, 1 to 128 letters, digits or +=,.@-_/*?, got {item!r}"
    elif len(re.sub(r"[*?/]", "", text)) < _FIXED:
        yield (
            f"{name} {item!r} has fewer than {_FIXED} fixed characters, so it matches too many role names: "
            "write more of the name"
        )


_LISTS: Final = (
    *("break_glass_roles", "creator_roles", "deployer_roles", "backup_roles"),
    *("accounts", "partners", "issuers", "log_groups"),
)
