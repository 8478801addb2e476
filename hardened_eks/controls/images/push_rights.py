import fnmatch
from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.images._registry import RESOURCE_POLICIES, policy_path, tied
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import IDENTITY, own_statements
from hardened_eks.evidence.views.resource_policies import may_be_anybody

_PUSH: Final = ("ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart")
_ADMINISTER: Final = (
    "ecr:SetRepositoryPolicy",
    "ecr:DeleteRepository",
    "ecr:BatchDeleteImage",
    "ecr:PutImageTagMutability",
)
_PUSHING: Final = (
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonEC2ContainerRegistryPowerUser",
    "EC2InstanceProfileForImageBuilderECRContainerBuilds",
)
_TAGS: Final = ("aws:resourcetag/", "ecr:resourcetag/")
_ACCOUNT: Final = regex(r"\d{12}|\$\{AWS::AccountId\}|.*:root")


@control(
    id="IM-07",
    title="Only named principals can push images or administer repositories",
    requirement="ecr.policy.least_privilege",
    types=(*RESOURCE_POLICIES, *IDENTITY),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "With push permissions for every repository, one leaked pipeline credential becomes a supply-chain attack on "
        "all teams."
    ),
    fix="Limit push actions to the repositories that a pipeline owns, and limit the repository policy to named roles.",
    blind=(
        "Repositories that are known only at deployment count as named. A role that administers repository/* of its "
        "account, as a deployment role must, but cannot push, passes."
    ),
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html",
    enforced_by="Repository",
)
def push_rights(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in RESOURCE_POLICIES:
        yield from _of_repository(resource, policy_path(resource))
    else:
        yield from _of_identity(resource)


def _of_repository(resource: Resource, path: str) -> Iterator[Problem]:
    for statement in policies.of(resource, path):
        if statement.unknown:
            yield Problem("the policy is known only at deployment", path)
        elif (
            statement.allows
            and _does(statement, *_PUSH, *_ADMINISTER)
            and _unnamed(statement)
            and not tied(statement, ["aws:principalarn"])
        ):
            yield Problem("principals that are not named have push permissions", statement.at(path))


def _of_identity(identity: Resource) -> Iterator[Problem]:
    for path, arn in identity.each("ManagedPolicyArns"):
        if ":aws:policy/" in str(arn) and str(arn).rsplit("/", 1)[1] in _PUSHING:
            yield Problem(f"{arn} grants push permissions for every repository", path)
    for path, statement in own_statements(identity):
        if statement.unknown or not statement.allows or tied(statement, _TAGS):
            continue
        if _does(statement, *_PUSH) and (not statement.resources or any(map(_any_repository, statement.resources))):
            yield Problem("push permissions for every repository", path)
        elif _does(statement, *_ADMINISTER) and (not statement.resources or "*" in statement.resources):
            yield Problem("administration permissions for every repository", path)


def _does(statement: Statement, *actions: str) -> bool:
    return any(statement.does(action) for action in actions)


def _unnamed(statement: Statement) -> bool:
    """Return whether the principals are not named roles or users, but everybody or a whole account."""
    return statement.anybody or any(
        kind == "AWS" and (may_be_anybody(value) or _ACCOUNT.fullmatch(value)) for kind, value in statement.principals
    )


def _any_repository(resource: str) -> bool:
    known = LATER.sub("x", resource)
    service = known.split(":")[2:3]
    if known.startswith("arn:") and service and not fnmatch.fnmatchcase("ecr", service[0]):
        return False
    _, found, name = known.partition(":repository/")
    return not name.strip("*?") if found else known.endswith("*")
