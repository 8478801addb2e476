from collections.abc import Iterator

from hardened_eks.controls import policies
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IM-06",
    title="Repository and registry policies let nobody in whom they do not name",
    requirement="ecr.policy.no_public",
    types=("AWS::ECR::Repository", "AWS::ECR::RegistryPolicy", "AWS::ECR::PublicRepository"),
    severity=Severity.CRITICAL,
    why="Anybody with an AWS account could pull your code, or push into what your nodes run.",
    fix="Name roles, or condition on aws:PrincipalOrgID.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
)
def images_not_public(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::ECR::PublicRepository":
        yield Problem("the repository is public")
        return
    path = "RepositoryPolicyText" if resource.type == "AWS::ECR::Repository" else "PolicyText"
    for statement in policies.statements(resource.get(path)):
        if statement.unknown:
            yield Problem("the policy is not known before deployment", path)
        elif statement.public:
            yield Problem("everybody is let in", f"{path}.Statement.{statement.index}.Principal")
