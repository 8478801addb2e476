from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.conditions import any_caller
from hardened_eks.evidence.views.owners import Owners, account_of, owners
from hardened_eks.evidence.views.resource_policies import may_be_anybody

_FOR_WHOM: Final = ("SourceAccount", "SourceArn", "EventSourceToken")
_CALLERS: Final = (*_FOR_WHOM, "PrincipalOrgID")
_KEYS: Final = {
    "SourceAccount": "aws:sourceaccount",
    "SourceArn": "aws:sourcearn",
    "PrincipalOrgID": "aws:principalorgid",
}
_CALLING: Final = ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync")


@control(
    id="FN-01",
    title="Functions admit only named callers and sources, and have no public URL",
    requirement="lambda.no_public",
    types=("AWS::Lambda::Permission", "AWS::Lambda::LayerVersionPermission", "AWS::Lambda::Url"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Otherwise anybody can run the code with the permissions of the function's role, at your cost.",
    fix=(
        "Set Principal to a service with SourceArn, or to an account. For a URL, set AuthType to AWS_IAM and list the "
        "allowed origins."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1",
    blind=(
        "Permissions granted outside the templates. Another account is recognized only if the environment or "
        "AWS::AccountId in the permission shows which account is the own one. Another organization is recognized only "
        "next to one that occurs more often."
    ),
    detective="No construct lets anybody call its function.",
)
def function_not_public(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::Lambda::Url":
        auth = resource.get("AuthType", "NONE")
        if auth != "AWS_IAM":
            yield Problem(f"the URL requires no credentials (AuthType is {auth})", "AuthType")
        if any(origin == "*" or isinstance(origin, Unknown) for origin in resource.items("Cors.AllowOrigins")):
            yield Problem("pages of every origin may call the URL", "Cors.AllowOrigins")
        return
    principal = str(resource.get("Principal", ""))
    own = owners(resource, resource.properties, assembly)
    if resource.type == "AWS::Lambda::LayerVersionPermission":
        if may_be_anybody(principal) and resource.get("OrganizationId") is None:
            yield Problem(f"{principal} may use the layer", "Principal")
        yield from _strangers(resource, principal, own, OrganizationId="aws:principalorgid")
        return
    yield from _callers(resource, principal)
    keys = {"PrincipalOrgID": "aws:principalorgid"}
    if may_be_anybody(principal) or ".amazonaws." in principal:
        keys |= {"SourceAccount": "aws:sourceaccount", "SourceArn": "aws:sourcearn"}
    yield from _strangers(resource, principal, own, **keys)
    action = resource.get("Action")
    if str(action) not in _CALLING:
        yield Problem(f"the caller may do more than call the function ({action})", "Action")


def _callers(resource: Resource, principal: str) -> Iterator[Problem]:
    if may_be_anybody(principal) and not any(_limits(resource, name) for name in _CALLERS):
        yield Problem(f"{principal} may call the function", "Principal")
    if ".amazonaws." in principal and not any(_limits(resource, name) for name in _FOR_WHOM):
        yield Problem(f"{principal} may call the function on behalf of anybody", "SourceArn")
    elif principal == "s3.amazonaws.com" and resource.get("SourceAccount") is None:
        yield Problem("a bucket of any account may call the function", "SourceAccount")


def _limits(resource: Resource, name: str) -> bool:
    """Return whether a property limits the callers; ``arn:aws:s3:::*`` is every bucket of everybody."""
    value = resource.get(name)
    return value is not None and not any_caller(_KEYS.get(name, ""), str(value))


def _strangers(resource: Resource, principal: str, own: Owners, **keys: str) -> Iterator[Problem]:
    if own.account(account_of(principal)) is False and resource.get("PrincipalOrgID") is None:
        yield Problem(f"{principal} of another account is allowed", "Principal")
    for path, key in keys.items():
        value = resource.get(path)
        if value is not None and own.stranger(key, str(value)):
            yield Problem(f"{value} of another account or organization is allowed", path)
