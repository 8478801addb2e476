"""Whom a resource policy lets in: shared by the controls on keys, topics, queues, buckets, secrets and buses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hardened_eks.evidence import policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Resource
    from hardened_eks.evidence.policies import Statement

_PARAMETER: Final = re.compile(r"\$\{[A-Za-z0-9]+\}")
_ACCOUNT: Final = re.compile(r"(?:arn:[^:]+:iam::)?(\d{12})(?::.*)?")


def may_be_anybody(principal: str) -> bool:
    """Say whether a principal is everybody, or a template parameter that may turn out to be."""
    return principal == "*" or _PARAMETER.fullmatch(principal) is not None


def open_to_anybody(statement: Statement) -> bool:
    """Say whether an Allow lets everybody in, or cannot be shown not to."""
    if not statement.allows or statement.tied_to_callers:
        return False
    anybody = statement.anybody or any(may_be_anybody(value) for _, value in statement.principals)
    return statement.unknown or anybody


def openings(resource: Resource, path: str) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each statement of the policy at `path` that lets everybody in."""
    yield from openings_of(resource.get(path), path)


def openings_of(document: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each statement of a policy document, found at `path`, that lets everybody in."""
    for statement in policies.statements(document):
        if statement.unknown:
            yield "the policy is known only at deployment", statement.at(path)
        elif open_to_anybody(statement):
            names = ", ".join(value for _, value in statement.principals) or "everybody but some (NotPrincipal)"
            what = ", ".join(statement.actions[:3]) or "all but some actions (NotAction)"
            yield f"{names} is allowed {what} and no condition names the callers", statement.at(path)


def foreign_accounts(statement: Statement, account: str) -> Iterator[str]:
    """Yield the principals of accounts other than `account`, where both are known."""
    if not statement.allows or not account or statement.condition("aws:PrincipalOrgID"):
        return
    for kind, value in statement.principals:
        match = _ACCOUNT.fullmatch(value) if kind == "AWS" else None
        if match is not None and match[1] != account:
            yield value


def denies_without_tls(document: object, *, actions: tuple[str, ...]) -> bool:
    """Say whether a policy refuses everybody who comes without TLS, for all of `actions`."""
    return any(refuses_without_tls(statement, actions) for statement in policies.statements(document))


def refuses_without_tls(statement: Statement, actions: tuple[str, ...]) -> bool:
    """Say whether a statement refuses everybody who comes without TLS, for all of `actions`."""
    return (
        not statement.allows
        and statement.anybody
        and _only_about_tls(statement)
        and "false" in {value.lower() for value in statement.condition("aws:SecureTransport")}
        and all(statement.does(action) for action in actions)
    )


def _only_about_tls(statement: Statement) -> bool:
    """Say whether no further condition narrows the refusal; sparing AWS services themselves is usual and fine."""
    keys = {key for wanted in statement.conditions.values() for key in wanted}
    return keys <= {"aws:securetransport", "aws:principalisawsservice"}
