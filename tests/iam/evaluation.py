"""The order in which IAM decides.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.iam import conditions
from tests.iam.patterns import Context, UnknownVariable, matches

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One action on one resource. A call that touches several resources is one request for each."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)
    """Condition keys, whose names have no case; a list for keys of several values."""
    principal: str = "arn:aws:iam::123456789012:role/caller"
    """ARN of the role, user or account root; the name of a service, such as ``events.amazonaws.com``."""

    @property
    def account(self) -> str:
        """Account of the principal; empty for a service."""
        return self.principal.split(":")[4] if self.principal.startswith("arn:") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Everything that has a say."""

    identity: Sequence[Document] = ()
    """Attached to the principal, or inline."""
    boundary: Document | None = None
    limits: Sequence[Sequence[Document]] = ()
    """What must allow the request as well: service control policies, one list for each level of the organization from
    the root down; session and endpoint policies, each a list of its own."""
    resource: Document | None = None
    """Policy of the resource: of a key, bucket, queue, or the trust of a role."""
    resource_account: str = ""
    """Who owns the resource. Default: the principal's account."""
    resource_decides: bool = False
    """The resource's policy must allow it, in its own account too: KMS keys and role trusts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. It is true where the request is allowed."""

    allowed: bool
    reason: str
    statement: Mapping[str, Any] | None = None
    """The deciding statement: the one that allows or denies; None where no statement allows."""

    def __bool__(self) -> bool:
        """Return whether the request is allowed."""
        return self.allowed


def evaluate(request: Request, policies: Policies) -> Verdict:
    """Decide a request."""
    named = [*(("identity policy", one) for one in policies.identity), ("permissions boundary", policies.boundary)]
    named += [("limit", one) for level in policies.limits for one in level]
    for name, document in named:
        if document is not None and (denied := _first(request, [document], "Deny")):
            return Verdict(allowed=False, reason=f"denied by the {name}", statement=denied)
    if policies.resource and (denied := _first(request, [policies.resource], "Deny", by_principal=True)):
        return Verdict(allowed=False, reason="denied by the resource policy", statement=denied)
    for level in policies.limits:
        if not _first(request, level, "Allow"):
            return Verdict(allowed=False, reason="not allowed by every limit")
    return _granted(request, policies)


def _granted(request: Request, policies: Policies) -> Verdict:
    identity = _first(request, policies.identity, "Allow")
    if identity and policies.boundary is not None and not _first(request, [policies.boundary], "Allow"):
        identity = None
        reason = "not allowed by the permissions boundary"
    else:
        reason = "no statement allows it"
    resource = _first(request, [policies.resource], "Allow", by_principal=True) if policies.resource else None
    if not request.account:  # a service has no identity policies
        return Verdict(resource is not None, "resource policy" if resource else reason, resource)
    foreign = policies.resource_account not in {"", request.account}
    if foreign or policies.resource_decides:
        if resource is None:
            return Verdict(allowed=False, reason="not allowed by the resource policy")
        direct = not foreign and not _by_account(resource, request)
        if direct and (policies.boundary is None or _first(request, [policies.boundary], "Allow")):
            return Verdict(allowed=True, reason="resource policy", statement=resource)
        return Verdict(identity is not None, "both policies" if identity else reason, identity)
    if identity is None and resource is not None and not _by_account(resource, request):
        # A boundary limits what a resource policy gives to a role's ARN, not what it gives to a user or a session.
        bound = policies.boundary is not None and ":role/" in request.principal
        if not bound or _first(request, [policies.boundary or {}], "Allow"):
            return Verdict(allowed=True, reason="resource policy", statement=resource)
    return Verdict(identity is not None, "identity policy" if identity else reason, identity)


def _by_account(statement: Mapping[str, Any], request: Request) -> bool:
    """Tell whether the statement only lets the account's own policies decide, by naming its root."""
    mine = {request.account, f"arn:aws:iam::{request.account}:root"}
    named = [name for _, name in _principals(statement.get("Principal"))]
    return request.principal not in named and "*" not in named and bool(mine & set(named))


def _first(
    request: Request, documents: Sequence[Document], effect: str, *, by_principal: bool = False
) -> Mapping[str, Any] | None:
    for document in documents:
        for statement in statements(document):
            if statement["Effect"] == effect and _applies(statement, request, by_principal=by_principal):
                return statement
    return None


def statements(document: Document | str) -> Iterator[Mapping[str, Any]]:
    """Yield the statements of a document, which may be one statement or JSON text."""
    found = json.loads(document) if isinstance(document, str) else document
    entries = found.get("Statement", [])
    yield from entries if isinstance(entries, list) else [entries]


def _applies(statement: Mapping[str, Any], request: Request, *, by_principal: bool) -> bool:
    context = request.context
    try:
        if by_principal and not _names(statement, request):
            return False
        return (
            _element(statement, "Action", request.action, {}, case=False)
            and _element(statement, "Resource", request.resource, context, case=True)
            and conditions.holds(statement.get("Condition", {}), context)
        )
    except UnknownVariable:
        return False


def _element(statement: Mapping[str, Any], name: str, value: str, context: Context, *, case: bool) -> bool:
    for element, wanted in ((name, True), (f"Not{name}", False)):
        if element in statement:
            patterns = statement[element]
            listed = patterns if isinstance(patterns, list | tuple) else [patterns]
            return any(matches(value, pattern, context, case=case) for pattern in listed) == wanted
    return True  # a trust policy and a key policy of one key need no Resource


def _names(statement: Mapping[str, Any], request: Request) -> bool:
    if "NotPrincipal" in statement:
        return not any(_is(kind, name, request) for kind, name in _principals(statement["NotPrincipal"]))
    return any(_is(kind, name, request) for kind, name in _principals(statement.get("Principal")))


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    for kind, names in value.items() if isinstance(value, Mapping) else [("AWS", value)]:
        for name in names if isinstance(names, list | tuple) else [names]:
            if name is not None:
                yield kind, name


def _is(kind: str, name: str, request: Request) -> bool:
    if kind != "AWS":
        return name == request.principal
    if name == "*":
        return True
    return name in {request.principal, request.account, f"arn:aws:iam::{request.account}:root"} and bool(
        request.account
    )
