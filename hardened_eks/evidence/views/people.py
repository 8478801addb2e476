"""The trust policies of break-glass roles: named people, who use MFA and their own name.

There are two forms: IAM users, and people of a permission set of IAM Identity Center.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import conditions
from hardened_eks.evidence.environment import differ
from hardened_eks.evidence.views.eks_roles import account_of, plain
from hardened_eks.evidence.views.iam import required, trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource
    from hardened_eks.evidence.policies import Statement

MOST_SECONDS: Final = 3600
"""The maximum age of the MFA authentication, and the maximum duration of a session, in seconds."""
_USER: Final = regex(r"arn:[^:]+:iam::[^:*?]+:user/[^*?]+")
_ROOT: Final = regex(r"(?:arn:[^:]+:iam::)?(?:\d{12}|self)(?::root)?")
_CENTER: Final = regex(
    r"arn:[^:]+:iam::(?:\d{12}|self):role/aws-reserved/sso\.amazonaws\.com/(?:[a-z0-9-]+/|\*/|\*)?"
    r"AWSReservedSSO_[\w+=,.@-]+_(?:\?{16}|[0-9a-f]{16}|\*)"
)
_REFERENCE: Final = regex(r"\$\{(\w+)\.Arn\}")
_TAKING: Final = frozenset({"sts:assumerole", "sts:setsourceidentity", "sts:tagsession"})
_PERSON: Final = "identitystore:UserId"


def trust_faults(role: Resource) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each reason why a trust policy is not that of a break-glass role, except MFA."""
    for path, statement in trust(role):
        if statement.allows:
            yield from _statement_faults(statement, path, role)


def mfa_faults(role: Resource) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each statement that admits users without recent MFA."""
    for path, statement in trust(role):
        if not statement.allows or statement.unknown or _is_center(statement):
            continue
        age = conditions.at_most(statement.conditions, "aws:MultiFactorAuthAge")
        if not conditions.is_true(statement.conditions, "aws:MultiFactorAuthPresent"):
            yield "MFA is not required (Bool aws:MultiFactorAuthPresent true)", f"{path}.Condition"
        elif age is None or age > MOST_SECONDS:
            yield f"the MFA authentication may be older than {MOST_SECONDS} seconds", f"{path}.Condition"


def unseen_mfa(role: Resource) -> Iterator[str]:
    """Yield the path of each statement for IAM Identity Center users, whose MFA AWS does not see."""
    for path, statement in trust(role):
        if statement.allows and not statement.unknown and _is_center(statement):
            yield f"{path}.Condition"


def _statement_faults(statement: Statement, path: str, role: Resource) -> Iterator[tuple[str, str]]:
    if statement.unknown:
        yield "the principals that may assume it are not known before deployment", path
        return
    others = [action for action in statement.actions if action.lower() not in _TAKING]
    if others or statement.not_actions:
        key = "Action" if others else "NotAction"
        yield (
            f"it can be assumed with calls other than AssumeRole ({', '.join(others) or 'NotAction'})",
            f"{path}.{key}",
        )
    strangers = list(_strangers(statement, role))
    for stranger in strangers:
        yield stranger, f"{path}.{'NotPrincipal' if statement.not_principals else 'Principal'}"
    if strangers:
        return
    if not _signed(statement):
        yield "the source identity is not the person's own name", f"{path}.Condition"
    if not _in_one_region(statement, role):
        yield "it can be assumed through STS in another Region, which the alert does not cover", f"{path}.Condition"


def _strangers(statement: Statement, role: Resource) -> Iterator[str]:
    """Yield a message for each principal that is not a named person."""
    if statement.not_principals or not statement.principals:
        yield "everybody except some principals may assume it"
    for kind, name in statement.principals:
        if kind != "AWS":
            yield f"{name} may assume it, which is not a person"
        elif message := _stranger(name, role, center=_is_center(statement)):
            yield message


def _stranger(name: str, role: Resource, *, center: bool) -> str:
    """Return why a principal is not a named person, empty if it is one; with `center`, the condition names one."""
    reference = _REFERENCE.fullmatch(name)
    known = role.template.resources.get(reference[1]) if reference else None
    written = plain(name)
    if _USER.fullmatch(written) or (known is not None and known.type == "AWS::IAM::User"):
        return ""
    if _ROOT.fullmatch(written):
        if not center:
            return f"the whole account {name} may assume it"
        elsewhere = differ(role.template.account, account_of(name))
        return f"people of another account, {name}, may assume it" if elsewhere else ""
    if name == "*":
        return "everybody may assume it"
    if _CENTER.fullmatch(written):
        return "" if center else f"everybody with the permission set of {name} may assume it"
    if ":role/" in name or ":assumed-role/" in name or known is not None:
        return f"the role {name} may assume it, whose sessions carry no MFA"
    return f"a principal that may assume it is not known before deployment: {name}"


def _is_center(statement: Statement) -> bool:
    """Return whether a statement admits one person with a permission set of IAM Identity Center."""
    people = required(statement, _PERSON)
    roles = [
        *required(statement, "aws:PrincipalArn"),
        *([tuple(name for _, name in statement.principals)] if statement.principals else []),
    ]
    return any(len(ids) == 1 and _literal(ids[0]) for ids in people) and any(
        all(_CENTER.fullmatch(plain(arn)) for arn in arns) for arns in roles
    )


def _signed(statement: Statement) -> bool:
    """Return whether the source identity must be the person who assumes the role."""
    wanted = required(statement, "sts:SourceIdentity")
    if _is_center(statement):
        ids = [ids[0] for ids in required(statement, _PERSON) if len(ids) == 1]
        return any(len(names) == 1 and names[0] in {*ids, "${identitystore:UserId}"} for names in wanted)
    return any(names == ("${aws:username}",) for names in wanted)


def _in_one_region(statement: Statement, role: Resource) -> bool:
    own = role.template.region
    accepted = {"${AWS::Region}", own} if own else {"${AWS::Region}"}
    return any(
        len(names) == 1 and (names[0] in accepted or (not own and _literal(names[0])))
        for names in required(statement, "aws:RequestedRegion")
    )


def _literal(text: str) -> bool:
    return bool(text) and not set("*?$") & set(text)
