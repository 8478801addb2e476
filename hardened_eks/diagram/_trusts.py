"""The principals that may assume each role, and their conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.diagram._names import NOT_KNOWN, name_of
from hardened_eks.diagram.facts import Trust
from hardened_eks.evidence.views.iam import trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement

_ROLE: Final = "AWS::IAM::Role"
_REFERENCE: Final = regex(r"\$\{(\w+)(?:\.Arn)?\}")


def trusts(assembly: Assembly) -> Iterator[Trust]:
    """Yield every role, once for each set of conditions under which it can be assumed."""
    for role in assembly.of(_ROLE):
        found: dict[tuple[str, ...], list[str]] = {}
        for _, statement in trust(role):
            found.setdefault(_conditions(statement), []).extend(_takers(statement, role, assembly))
        if not found:
            readable = isinstance(role.get("AssumeRolePolicyDocument", {}), dict)
            found[()] = ["nobody" if readable else NOT_KNOWN]
        for conditions, takers in found.items():
            yield Trust(name_of(role, assembly), tuple(dict.fromkeys(takers)), conditions)


def _takers(statement: Statement, role: Resource, assembly: Assembly) -> Iterator[str]:
    if statement.unknown:
        yield NOT_KNOWN
    denied = "" if statement.allows else "not "
    if statement.not_principals:
        yield f"{denied}everybody but those named"
    for _, name in statement.principals:
        yield denied + ("everybody" if name == "*" else _resource(name, role, assembly))


def _resource(principal: str, role: Resource, assembly: Assembly) -> str:
    """Return the name of a principal in the same template, or the principal as it is written."""
    reference = _REFERENCE.fullmatch(principal)
    found = role.template.resources.get(reference[1]) if reference is not None else None
    return name_of(found, assembly) if found is not None else principal


def _conditions(statement: Statement) -> tuple[str, ...]:
    return tuple(sorted({key for keys in statement.conditions.values() for key in keys}))
