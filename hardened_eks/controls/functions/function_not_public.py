from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.resource_policies import may_be_anybody

_CALLERS: Final = ("SourceAccount", "SourceArn", "PrincipalOrgID", "EventSourceToken")


@control(
    id="FN-01",
    title="Functions have no public permission and no open URL",
    requirement="lambda.no_public",
    types=("AWS::Lambda::Permission", "AWS::Lambda::LayerVersionPermission", "AWS::Lambda::Url"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Anybody may then run the code with the rights of the function's role, at your cost.",
    fix=(
        "Name a service with SourceArn or an account as Principal; set AuthType to AWS_IAM and list the origins of a "
        "URL."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1",
    blind="Permissions given outside the templates.",
    detective="No construct lets anybody call its function.",
)
def function_not_public(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::Lambda::Url":
        auth = resource.get("AuthType", "NONE")
        if auth != "AWS_IAM":
            yield Problem(f"the URL asks for no credentials (AuthType is {auth})", "AuthType")
        if any(origin == "*" or isinstance(origin, Unknown) for origin in resource.items("Cors.AllowOrigins")):
            yield Problem("pages of every origin may call the URL", "Cors.AllowOrigins")
        return
    principal = str(resource.get("Principal", ""))
    if resource.type == "AWS::Lambda::LayerVersionPermission":
        if may_be_anybody(principal) and resource.get("OrganizationId") is None:
            yield Problem(f"{principal} may use the layer", "Principal")
        return
    if may_be_anybody(principal) and all(resource.get(name) is None for name in _CALLERS):
        yield Problem(f"{principal} may call the function", "Principal")
    if principal == "s3.amazonaws.com" and resource.get("SourceAccount") is None:
        yield Problem("a bucket of any account may call the function", "SourceAccount")
    if str(resource.get("Action")) in {"*", "lambda:*"}:
        yield Problem("the caller may do everything with the function", "Action")
