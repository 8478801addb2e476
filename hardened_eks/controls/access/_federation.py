"""Trust in identity providers that serve many customers, and in IAM Roles Anywhere, with the required conditions.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html,
https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
"""

from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.evidence import conditions
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.policies import Statement

_GITHUB = "token.actions.githubusercontent.com"
# Their tokens are for one application, which aud names; sub alone would identify a pool or a person.
_BY_AUDIENCE = {
    "cognito-identity.amazonaws.com": ("aud",),
    "accounts.google.com": ("aud", "oaud", "sub"),
    "graph.facebook.com": ("app_id",),
    "www.amazon.com": ("app_id",),
}
_MANY_TENANTS = ("gitlab.com", "app.terraform.io", "api.bitbucket.org", "oidc.circleci.com", "agent.buildkite.com",
                 "oidc.vercel.com", "api.pulumi.com", "oidc.eks.")  # fmt: skip

_TENANT = regex(r"^(?:project_path|organization|owner|org|pulumi:deploy:org)[:/]")
"""The beginning of a subject, before the name of the tenant."""


def open_federations(statement: Statement) -> Iterator[str]:
    """Yield a message for each federated principal, and for Roles Anywhere, that admits too many callers."""
    for kind, name in statement.principals:
        if kind == "Federated":
            yield from _of_provider(statement, name)
        elif kind == "Service" and name.startswith("rolesanywhere.") and not _of_anchor(statement):
            yield "every certificate of every trust anchor is trusted (no aws:SourceArn or certificate attribute)"


def _of_provider(statement: Statement, name: str) -> Iterator[str]:
    if ":saml-provider/" in name:
        if not any(key.startswith("saml:") for key in _required(statement)):
            yield f"everybody whom {name} authenticates is trusted (no condition such as SAML:aud)"
        return
    _, found, issuer = name.partition(":oidc-provider/")
    issuer = issuer if found else name
    if issuer.startswith("oidc.eks") or LATER.match(issuer):
        return  # that of a cluster, or not known: see IA-10
    if issuer.startswith(_GITHUB):
        if not _one_repository(statement, issuer):
            yield f"every repository of {issuer}, or of an organization there, is trusted (no condition on its sub)"
        return
    many = issuer.startswith(_MANY_TENANTS)
    claims = {
        key.rpartition(":")[2]
        for key, values in _required_values(statement)
        if key.startswith(issuer.lower()) and not (many and any(map(_any_tenant, values)))
    }
    wanted = next((names for provider, names in _BY_AUDIENCE.items() if issuer.startswith(provider)), None)
    if wanted is None and many:
        claims -= {"aud"}  # it is the same for every tenant
    if not (claims & set(wanted) if wanted else claims):
        yield f"everybody for whom {issuer} issues tokens is trusted (no condition on {', '.join(wanted or ('sub',))})"


def _required(statement: Statement) -> set[str]:
    """Return the keys for which known values are required."""
    return {key for key, _ in _required_values(statement)}


def _required_values(statement: Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each key for which known values are required, with these values."""
    for operator, key, values in conditions.elements(statement.conditions):
        if conditions.requires(operator) and conditions.narrows(operator, key, values):
            yield key, values


def _any_tenant(value: str) -> bool:
    """Return whether a subject begins with a wildcard in place of the group, organization or owner."""
    return _TENANT.sub("", value)[:1] in {"*", "?"}


def _one_repository(statement: Statement, issuer: str) -> bool:
    """Return whether a claim names an organization and a repository, or a workflow in one."""
    for claim in ("sub", "repository", "repository_id", "job_workflow_ref"):
        for values in conditions.required(statement.conditions, f"{issuer}:{claim}"):
            if all(_names_repository(claim, value) for value in values):
                return True
    return False


def _names_repository(claim: str, value: str) -> bool:
    plain = LATER.sub("_", value)
    if claim == "repository_id" or plain == "_":
        return "*" not in plain and "?" not in plain
    if claim == "sub":
        # A customized subject begins with another claim: repository_owner:o:repository:o/r
        _, found, plain = plain.rpartition("repository:") if "repository:" in plain else plain.partition("repo:")
        if not found:
            return False
    organization, _, repository = plain.partition("/")
    repository = repository.split(":", 1)[0].split("/", 1)[0]
    return bool(organization) and not set("*?") & set(organization) and bool(repository.strip("*?"))


def _of_anchor(statement: Statement) -> bool:
    return any(
        key in {"aws:sourcearn", "aws:sourceaccount"} or key.startswith("aws:principaltag/x509")
        for key in _required(statement)
    )
