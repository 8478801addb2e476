from collections.abc import Iterator

from hardened_eks.controls import policies
from hardened_eks.controls.access._documents import own_statements
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

_PUSH = ("ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:SetRepositoryPolicy")


@control(
    id="IM-07",
    title="Only named principals may push images or administer repositories",
    requirement="ecr.policy.least_privilege",
    types=(
        "AWS::ECR::Repository",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::IAM::RolePolicy",
    ),
    severity=Severity.MEDIUM,
    why="Push rights to every repository make one leaked pipeline a supply-chain attack on all teams.",
    fix="Limit push actions to the repositories a pipeline owns, and the repository policy to named roles.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html",
)
def push_rights(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::ECR::Repository":
        for statement in policies.statements(resource.get("RepositoryPolicyText")):
            pushes = statement.allows and any(statement.does(action) for action in _PUSH)
            if (
                pushes
                and not statement.unknown
                and any(v == "*" or v.endswith(":root") for _, v in statement.principals)
            ):
                yield Problem(
                    "push rights for more than named principals", f"RepositoryPolicyText.Statement.{statement.index}"
                )
        return
    for path, statement in own_statements(resource):
        everything = not statement.resources or any(
            r in ("*", "arn:aws:ecr:*:*:repository/*") for r in statement.resources
        )
        if (
            statement.allows
            and not statement.unknown
            and everything
            and any(statement.does(action) for action in _PUSH)
        ):
            yield Problem("push rights to every repository", path)
