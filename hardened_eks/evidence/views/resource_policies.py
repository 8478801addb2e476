"""The principals that a resource policy admits, for controls on keys, topics, queues, buckets, secrets and buses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import conditions, policies
from hardened_eks.evidence.environment import is_account
from hardened_eks.evidence.views.owners import foreign_principals, owners

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement
    from hardened_eks.evidence.views.owners import Owners

RESOURCE_POLICIES: Final = {
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::ECR::RegistryPolicy": "PolicyText",
    "AWS::EC2::VPCEndpoint": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
}
"""The property of each type that holds its policy."""
_PARAMETER: Final = regex(r"\$\{[A-Za-z0-9]+\}")
_ACCOUNT: Final = regex(r"(?:arn:[^:]+:iam::)?(\d{12})(?::.*)?")
_SOURCES: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner")
_SEND_SOURCE: Final = frozenset(
    {"s3", "sns", "events", "cloudwatch", "budgets", "config", "cloudtrail", "delivery.logs", "cloudfront", "ses",
     "apigateway", "logging.s3", "guardduty", "backup"}
)  # fmt: skip
"""Services that send the source resource or account; EventBridge does not for a topic."""

_BY_SERVICE: Final = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})
"""Condition keys that are true in calls of AWS services, so that a Deny commonly requires them to be false."""
_WITHOUT_TLS: Final = frozenset({"aws:securetransport", "aws:principalisawsservice"})
_COLLECTED: Final = frozenset({"cloudtrail", "config", "delivery.logs", "logging.s3"})
"""Services whose records an archive collects from other accounts: they only write."""


def may_be_anybody(principal: str) -> bool:
    """Return whether a principal is everybody, or a template parameter that may be everybody."""
    return principal == "*" or _PARAMETER.fullmatch(principal) is not None


def open_to_anybody(statement: Statement) -> bool:
    """Return whether an Allow admits everybody, or may do so."""
    if not statement.allows or statement.tied_to_callers:
        return False
    anybody = statement.anybody or any(may_be_anybody(value) for _, value in statement.principals)
    return statement.unknown or anybody


def openings(resource: Resource, path: str) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each statement of the policy at `path` that admits everybody."""
    yield from _openings(policies.of(resource, path), path)


def openings_of(document: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each statement of a policy document at `path` that admits everybody."""
    yield from _openings(policies.statements(document), path)


def _openings(statements: Iterable[Statement], path: str) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if statement.unknown:
            yield "the policy is known only at deployment", statement.at(path)
        elif open_to_anybody(statement):
            names = (
                ", ".join(value for _, value in statement.principals)
                or "everybody except some principals (NotPrincipal)"
            )
            what = ", ".join(statement.actions[:3]) or "all except some actions (NotAction)"
            yield f"{names} is allowed {what}, and no condition restricts the callers", statement.at(path)


def strangers(
    resource: Resource, path: str, assembly: Assembly, *, unsourced: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield (message, path) for each statement of the policy at `path` that admits foreign principals by name.

    These are principals of another account, conditions on a foreign account or organization, services that act for
    anybody, and ``NotAction`` or ``NotPrincipal``. Statements that `openings` reports are omitted.

    Args:
        resource: the resource with the policy.
        path: the path of the policy document.
        assembly: the assembly, which shows the own accounts and organization.
        unsourced: whether services must be limited to their source.
    """
    own = owners(resource, resource.get(path), assembly)
    yield from _strangers(policies.of(resource, path), path, own, unsourced=unsourced)


def strangers_of(
    document: object, path: str, resource: Resource, assembly: Assembly, *, unsourced: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield the same as `strangers` for a policy document at `path` of a resource."""
    own = owners(resource, document, assembly)
    yield from _strangers(policies.statements(document), path, own, unsourced=unsourced)


def _strangers(
    statements: Iterable[Statement], path: str, own: Owners, *, unsourced: bool
) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if statement.unknown or not statement.allows or open_to_anybody(statement):
            continue
        where = statement.at(path)
        if statement.not_principals:
            yield "everybody except some principals is allowed (NotPrincipal), within the condition", where
        if statement.not_actions:
            yield "all except some actions are allowed (NotAction)", where
        for value in strange_callers(statement, own):
            yield f"{value} of another account or organization is allowed", where
        services = unsourced_services(statement) if unsourced else []
        if services:
            yield f"{services[0]} may act on behalf of anybody (no aws:SourceArn or aws:SourceAccount)", where


def strange_callers(statement: Statement, own: Owners) -> list[str]:
    """Return the principals and condition values that are known to be foreign."""
    tying = [
        (key, values)
        for operator, key, values in conditions.elements(statement.conditions)
        if conditions.requires(operator) and key in conditions.CALLER_KEYS and values
    ]
    ours = any(not any(own.stranger(key, value) for value in values) for key, values in tying)
    if statement.anybody:
        return [] if ours else [value for key, values in tying for value in values if own.stranger(key, value)]
    services = {value.split(".amazonaws", 1)[0] for kind, value in statement.principals if kind == "Service"}
    if len(services) == len(statement.principals) > 0 and not services <= _COLLECTED:
        sources = [(key, value) for key, values in tying if key in _SOURCES for value in values]
        return [] if ours else [value for key, value in sources if own.stranger(key, value)]
    organized = [values for key, values in tying if key in {"aws:principalorgid", "aws:principalorgpaths"}]
    if any(all(map(own.organized, values)) for values in organized):
        return []
    return foreign_principals(statement, own)


def unsourced_services(statement: Statement) -> list[str]:
    """Return the services that act for many customers, if no condition limits their source."""
    if conditions.tied(statement.conditions, _SOURCES):
        return []
    names = [value for kind, value in statement.principals if kind == "Service"]
    topic = any(action.lower().startswith("sns:") for action in statement.actions)
    return [
        name
        for name in names
        if (service := name.split(".amazonaws", 1)[0]) in _SEND_SOURCE and not (topic and service == "events")
    ]


def every_action_of(statement: Statement, service: str, own: Owners) -> bool:
    """Return whether principals other than the account itself are allowed every action of a service."""
    wild = any(action == "*" or action.lower() in {f"{service}:*", "*:*"} for action in statement.actions)
    roots = all(kind == "AWS" and own.account(_account(value)) is not False and _root(value) for kind, value in
                statement.principals)  # fmt: skip
    return statement.allows and wild and not (bool(statement.principals) and roots)


def _account(principal: str) -> str:
    match = _ACCOUNT.fullmatch(principal)
    return match[1] if match else principal


def _root(principal: str) -> bool:
    return principal.endswith(":root") or is_account(principal) or principal == "${AWS::AccountId}"


def spares_only(
    statement: Statement, spared: Callable[[str, str], bool], *, false: Collection[str] = _BY_SERVICE
) -> bool:
    """Return whether a Deny applies to every call but those that it may exempt.

    Args:
        statement: a statement that denies.
        spared: a function that returns whether it may exempt calls with this value of a condition key (lower case).
        false: condition keys, in lower case, that may be false in the denied calls. Default: those of AWS services.
    """
    return all(
        _false(operator, values)
        if key in false
        else _exempts(operator) and bool(values) and all(spared(key, value) for value in values)
        for operator, key, values in conditions.elements(statement.conditions)
    )


def _exempts(operator: str) -> bool:
    return operator.removeprefix("forallvalues:").startswith(("stringnot", "arnnot"))


def denies_without_tls(document: object, *, actions: tuple[str, ...]) -> bool:
    """Return whether a policy denies all requests without TLS, for all of `actions`."""
    return any(refuses_without_tls(statement, actions) for statement in policies.statements(document))


def refuses_without_tls(statement: Statement, actions: tuple[str, ...]) -> bool:
    """Return whether a statement denies all requests without TLS, for all of `actions`."""
    return (
        not statement.allows
        and statement.anybody
        and bool(statement.condition("aws:SecureTransport"))
        and spares_only(statement, lambda *_: False, false=_WITHOUT_TLS)
        and all(statement.does(action) for action in actions)
    )


def _false(operator: str, values: tuple[str, ...]) -> bool:
    plain = operator.removesuffix("ifexists")
    return plain in {"bool", "stringequals", "stringequalsignorecase"} and "false" in {one.lower() for one in values}
