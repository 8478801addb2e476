"""The principals that can assume the creator, break-glass, cluster and backup roles; pure, from evidence."""

from __future__ import annotations

import json
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.evidence.environment import is_account
from hardened_eks.evidence.policies import matches
from hardened_eks.evidence.views import break_glass, eks_roles
from hardened_eks.evidence.views.iam import IDENTITY, own_statements, trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement
    from hardened_eks.guardrails import Settings

CREATOR: Final = "creator"
GLASS: Final = "break-glass"
CLUSTER: Final = "cluster"
BACKUP: Final = "backup"
_BY_SERVICE: Final = {"cloudformation.": CREATOR, "backup.": BACKUP}
"""Prefix of the service that may assume a role -> the purpose of the role."""
_KEPT: Final = 24
"""The number of characters of stack and resource names that CloudFormation keeps in a role name of 64 characters."""
_TAKES: Final = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to assume a role."""

    who: str
    """A principal as in the trust policy, or the resource whose policy passes the role."""
    how: str
    """``trust``, ``passes`` (iam:PassRole), ``account`` (the trust policy admits the whole account, and a policy of
    this identity allows sts:AssumeRole) or ``entry`` (an access entry names a principal outside the input)."""
    conditions: tuple[str, ...] = ()
    """The conditions that must be met, as ``operator key value``."""
    refused: bool = False
    """Whether a statement denies it instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role, and all ways to assume it."""

    role: str
    """``Stack/LogicalId``; the ARN of a cluster administrator outside the templates."""
    part: str
    """The purpose of the role: creator, break-glass, cluster or backup."""
    name: str
    """The name of the role; if it is not fixed, the start of the generated name, ending in ``...``."""
    named_by: str = ""
    """The guardrail pattern that matches the name. Empty: no pattern matches."""
    ways: tuple[Way, ...] = ()


def who(assembly: Assembly, settings: Settings) -> tuple[Role, ...]:
    """Return the roles of the assembly, and cluster administrators outside it, sorted by purpose and name.

    Args:
        assembly: the templates.
        settings: the settings with the patterns for the names.
    """
    found = [_role(role, part, assembly, settings) for role, part in _parts(assembly, settings)]
    return tuple(sorted([*found, *_outside(assembly, settings)], key=lambda one: (one.part, one.role)))


def _parts(assembly: Assembly, settings: Settings) -> Iterator[tuple[Resource, str]]:
    admins = break_glass.admin_roles(assembly)
    clusters = {
        role
        for cluster in assembly.of("AWS::EKS::Cluster")
        for path, value in eks_roles.given_roles(cluster)
        if path == "RoleArn" and (role := eks_roles.seen(cluster, value, assembly)) is not None
    }
    for role in assembly.of(eks_roles.ROLE):
        if role in admins:
            yield role, GLASS
        elif role in clusters:
            yield role, CLUSTER
        elif part := _of_service(role):
            yield role, part
        else:
            # The guardrails exempt a role with such a name, regardless of its purpose.
            named = (one for one in (GLASS, CREATOR, BACKUP) if _pattern(_name(role), one, settings))
            yield from ((role, one) for one in named)


def _of_service(role: Resource) -> str:
    names = [name for _, statement in trust(role) if statement.allows for _, name in statement.principals]
    return next((part for start, part in _BY_SERVICE.items() if any(name.startswith(start) for name in names)), "")


def _role(role: Resource, part: str, assembly: Assembly, settings: Settings) -> Role:
    name = _name(role)
    ways = [*_trusted(role), *_granted(role, name, assembly)]
    return Role(role=role.id, part=part, name=name, named_by=_pattern(name, part, settings), ways=tuple(ways))


def _name(role: Resource) -> str:
    fixed = role.get("RoleName")
    if fixed is not None:
        return str(fixed)
    return f"{role.template.name[:_KEPT]}-{role.logical_id[:_KEPT]}-..."


def _pattern(name: str, part: str, settings: Settings) -> str:
    known = {CREATOR: settings.creator_roles, GLASS: settings.break_glass_roles, BACKUP: settings.backup_roles}.get(
        part, ()
    )
    return next((one for one in known if fnmatchcase(name, one.rpartition("/")[2])), "")


def _trusted(role: Resource) -> Iterator[Way]:
    for _, statement in trust(role):
        if not (statement.unknown or any(statement.does(action) for action in _TAKES)):
            continue
        names = [name for _, name in statement.principals] or ["not known before deployment"]
        if statement.not_principals:
            names = ["everybody except the principals it names"]
        for name in names:
            yield Way(who=name, how="trust", conditions=_written(statement), refused=not statement.allows)


def _granted(role: Resource, name: str, assembly: Assembly) -> Iterator[Way]:
    """Yield the resources whose policies allow using the role.

    They pass it to a service, for example to create clusters with it. Or the trust policy of the role admits the whole
    account, so that policies of identities decide who can assume it.
    """
    kinds = {"passes": "iam:PassRole"} | ({"account": "sts:AssumeRole"} if _admits_account(role) else {})
    for identity in assembly.of(*IDENTITY):
        for _, statement in own_statements(identity):
            for how, action in kinds.items():
                if statement.does(action) and any(_covers(one, role, name, identity) for one in statement.resources):
                    written = _written(statement)
                    yield Way(who=identity.id, how=how, conditions=written, refused=not statement.allows)


def _admits_account(role: Resource) -> bool:
    """Return whether the trust policy names the account of the role."""
    names = [name for _, one in trust(role) if one.allows for kind, name in one.principals if kind == "AWS"]
    own = role.template.account or "self"
    accounts = (eks_roles.account_of(name) or eks_roles.plain(name) for name in names if _is_account(name))
    return any(account in {own, "self"} or ":self:" in account for account in accounts)


def _is_account(name: str) -> bool:
    plain = eks_roles.plain(name)
    return plain.endswith(":root") or plain == "self" or is_account(plain)


def _covers(resource: str, role: Resource, name: str, identity: Resource) -> bool:
    """Return whether a resource of a statement is the role, by reference in its template or by its ARN."""
    if resource == "*":
        return True
    if identity.template is role.template and resource == f"${{{role.logical_id}.Arn}}":
        return True
    parts = eks_roles.plain(resource).split(":", 5)
    if len(parts) < len(("arn", "aws", "iam", "", "account", "role")) or "${" in parts[5]:
        return False
    strange = role.template.account and parts[4] not in {role.template.account, "self", "*"}
    return not strange and matches(f"role/{name}", parts[5])


def _outside(assembly: Assembly, settings: Settings) -> Iterator[Role]:
    for entry in assembly.of(eks_roles.ENTRY):
        if break_glass.is_admin(entry) and not break_glass.principals(entry, assembly):
            arn = str(entry.get("PrincipalArn"))
            name = arn.rpartition("/")[2]
            way = Way(who="outside the templates: see the trust policy of the role in its account", how="entry")
            yield Role(role=arn, part=GLASS, name=name, named_by=_pattern(name, GLASS, settings), ways=(way,))


def _written(statement: Statement) -> tuple[str, ...]:
    return tuple(
        f"{operator} {key} {', '.join(values)}"
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    )


def as_text(found: Sequence[Role]) -> str:
    """Return the roles as text."""
    lines = []
    for role in found:
        lines.append(f"{role.part}  {role.role}  {role.name}")
        if role.part != CLUSTER:
            lines.append(
                f"    the guardrails exempt it as {role.named_by}"
                if role.named_by
                else "    no guardrail pattern matches its name, so the guardrails apply to it"
            )
        for way in role.ways:
            verb = {
                "trust": "may assume it",
                "passes": "passes it to a service",
                "account": "may assume it, because the trust policy admits its account",
                "entry": "",
            }[way.how]
            verb = f"{verb}: denied" if way.refused else verb
            lines.append(f"    {way.who}  {verb}".rstrip())
            lines += [f"        if {condition}" for condition in way.conditions]
        if not role.ways:
            lines.append("    nobody in the input")
    return "\n".join([*lines, f"{len(found)} roles", ""])


def as_json(found: Sequence[Role]) -> str:
    """Return the roles as a JSON list."""
    return json.dumps([asdict(role) for role in found], indent=2, ensure_ascii=False) + "\n"
